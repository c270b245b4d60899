"""Addresses of the class space: for its members and staff, and for those who run the class in the office."""

from __future__ import annotations

from django.urls import path

from cohorts.views.space import contacts, discussion, materials, notices, office

SPACE = "learn/class/<uuid:public_id>/"
POST = SPACE + "posts/<uuid:post_id>/"
OFFICE = "office/cohorts/<uuid:public_id>/space/"
NOTICE = OFFICE + "notices/<uuid:notice_id>/"
FILE = OFFICE + "materials/<uuid:material_id>/"

urlpatterns = [
    path(SPACE + "notices/", notices.notice_list, name="space-notices"),
    path(SPACE + "notices/<uuid:notice_id>/", notices.notice_page, name="space-notice"),
    path(SPACE + "notices/<uuid:notice_id>/file/", notices.notice_file, name="space-notice-file"),
    path(SPACE + "materials/", materials.material_list, name="space-materials"),
    path(SPACE + "materials/<uuid:material_id>/", materials.download, name="space-material"),
    path(SPACE + "topics/", discussion.topic_list, name="space-topics"),
    path(SPACE + "topics/add/", discussion.add_topic, name="space-topic-add"),
    path(SPACE + "topics/<uuid:topic_id>/", discussion.topic_page, name="space-topic"),
    path(SPACE + "topics/<uuid:topic_id>/reply/", discussion.reply, name="space-reply"),
    path(POST + "edit/", discussion.edit_post, name="space-post-edit"),
    path(POST + "report/", discussion.report_post, name="space-post-report"),
    path(SPACE + "contacts/", contacts.contact_list, name="space-contacts"),
    path(SPACE + "contacts/phone/", contacts.phone, name="space-phone"),
    # the office
    path(OFFICE, office.notice_list, name="space"),
    path(OFFICE + "notices/add/", office.add_notice, name="space-notice-add"),
    path(NOTICE, office.edit_notice, name="space-notice-edit"),
    path(NOTICE + "file/", office.notice_file, name="space-notice-attachment"),
    path(NOTICE + "withdraw/", office.withdraw_notice, name="space-notice-withdraw"),
    path(OFFICE + "materials/", office.material_list, name="space-files"),
    path(OFFICE + "materials/add/", office.add_material, name="space-file-add"),
    path(FILE, office.edit_material, name="space-file-edit"),
    path(FILE + "versions/", office.material_versions, name="space-file-versions"),
    path(FILE + "versions/<int:number>/", office.material_version, name="space-file-version"),
    path(FILE + "withdraw/", office.withdraw_material, name="space-file-withdraw"),
    path(OFFICE + "discussion/", office.talk, name="space-talk"),
    path(OFFICE + "posts/<uuid:post_id>/hide/", office.hide_post, name="space-post-hide"),
    path(OFFICE + "posts/<uuid:post_id>/show/", office.show_post, name="space-post-show"),
    path(OFFICE + "posts/<uuid:post_id>/keep/", office.keep_post, name="space-post-keep"),
]
