from __future__ import annotations

from django.urls import path

from courses.views import catalogue, learning, media, proofs

app_name = "courses"

LESSON = "learn/courses/<uuid:public_id>/<int:position>/"

urlpatterns = [
    path("courses/", catalogue.catalogue, name="catalogue"),
    path("courses/<slug:key>/", catalogue.course, name="course"),
    path("courses/<slug:key>/enrol/", catalogue.choose, name="enrol"),
    path("learn/courses/", learning.mine, name="mine"),
    path("learn/courses/<uuid:public_id>/", learning.learn, name="learn"),
    path(LESSON, learning.lesson, name="lesson"),
    path(LESSON + "progress/", learning.save, name="progress"),
    path(LESSON + "check/", learning.check, name="check"),
    path(LESSON + "video/", media.video, name="video"),
    path(LESSON + "captions/", media.captions, name="captions"),
    path(LESSON + "document/", media.document, name="document"),
    path(LESSON + "proof/", proofs.hand_in, name="proof"),
    path("proofs/<uuid:public_id>/file/", proofs.proof_file, name="proof-file"),
]
