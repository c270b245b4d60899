"""Personal values lie encrypted: what the database holds says nothing, and a changed byte is noticed."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from core.fields import decrypt, encrypt, keyed_hash

ID = "110101199001011237"


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=80))
def test_every_text_comes_back(text):
    assert decrypt(encrypt(text)) == text


def test_the_same_value_never_looks_the_same_and_nothing_stays_nothing():
    assert encrypt(ID) != encrypt(ID)
    assert encrypt("") == "" and decrypt("") == ""


def test_a_changed_byte_or_another_key_is_noticed(settings):
    stored = encrypt(ID)
    with pytest.raises(InvalidTag):
        decrypt(stored[:-6] + ("A" if stored[-6] != "A" else "B") + stored[-5:])
    settings.FIELD_KEY = "another-key-for-this-test-only-0123456789"
    with pytest.raises(InvalidTag):
        decrypt(stored)


def test_an_unknown_cipher_is_refused():
    with pytest.raises(ValueError, match="unknown cipher"):
        decrypt("z9:abcd")


def test_equal_values_are_recognised_by_their_hash_and_only_with_the_key(settings):
    first = keyed_hash(ID)
    assert first == keyed_hash(ID) and len(first) == 64 and first != keyed_hash(ID[:-1] + "8")
    assert keyed_hash("") is None
    settings.FIELD_KEY = "another-key-for-this-test-only-0123456789"
    assert keyed_hash(ID) != first


@pytest.mark.django_db
class TestInTheDatabase:
    @pytest.fixture
    def person(self):
        return get_user_model().objects.create_user("F0001", name="示范人员", id_number=ID, phone="13800000000")

    def stored(self, pk) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id_number FROM people_user WHERE id = %s", [pk])
            return cursor.fetchone()[0]

    def test_the_column_holds_no_clear_text(self, person):
        raw = self.stored(person.pk)
        assert raw.startswith("a1:") and ID not in raw and ID[:6] not in raw

    def test_the_model_reads_it_back(self, person):
        again = type(person).objects.get(pk=person.pk)
        assert again.id_number == ID
        assert list(type(person).objects.filter(pk=person.pk).values_list("phone", flat=True)) == ["13800000000"]

    def test_it_cannot_be_searched(self, person):
        for lookup in ("id_number", "id_number__contains", "phone__startswith"):
            with pytest.raises(FieldError):
                type(person).objects.filter(**{lookup: ID}).exists()

    def test_the_control_an_open_column_is_searchable_and_clear(self, person):
        assert type(person).objects.filter(name__contains="示范").exists()
