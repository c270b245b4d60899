from __future__ import annotations

from django.urls import path

from courses.views import audits, bulk, catalogue, confirming, learning, media, playing, proofs, teaching

app_name = "courses"

LESSON = "learn/courses/<uuid:public_id>/<int:position>/"

urlpatterns = [
    path("courses/", catalogue.catalogue, name="catalogue"),
    path("courses/<slug:key>/", catalogue.course, name="course"),
    path("courses/<slug:key>/enrol/", catalogue.choose, name="enrol"),
    path("learn/courses/", learning.mine, name="mine"),
    path("learn/audits/", audits.mine, name="audits"),
    path("learn/audits/<uuid:public_id>/", audits.audit, name="audit"),
    path("learn/courses/<uuid:public_id>/", learning.learn, name="learn"),
    path(LESSON, learning.lesson, name="lesson"),
    path(LESSON + "progress/", learning.save, name="progress"),
    path(LESSON + "check/", learning.check, name="check"),
    path(LESSON + "session/", playing.session, name="session"),
    path(LESSON + "question/", playing.question, name="question"),
    path(LESSON + "answer/", playing.answer, name="answer"),
    path("learn/courses/uncounted/<uuid:public_id>/appeal/", playing.appeal, name="appeal"),
    path(LESSON + "video/", media.video, name="video"),
    path(LESSON + "audio/", media.audio, name="audio"),
    path(LESSON + "stream/<path:name>", media.stream, name="stream"),
    path(LESSON + "captions/", media.captions, name="captions"),
    path(LESSON + "document/", media.document, name="document"),
    path(LESSON + "proof/", proofs.hand_in, name="proof"),
    path("teach/courses/", teaching.course_list, name="teaching"),
    path("teach/courses/<slug:key>/", teaching.learner_list, name="learners"),
    path("teach/courses/<slug:key>/enrol/", bulk.enrol, name="bulk-enrol"),
    path("teach/courses/<slug:key>/remind/", bulk.remind, name="remind"),
    path("teach/courses/<slug:key>/lecturers/", bulk.lecturers, name="lecturers"),
    path("teach/courses/<slug:key>/live/<int:pk>/", confirming.live, name="live"),
    path("teach/proofs/<uuid:public_id>/", confirming.proof, name="decide-proof"),
    path("proofs/<uuid:public_id>/file/", proofs.proof_file, name="proof-file"),
]
