from __future__ import annotations

from django.urls import path

from courses.views import catalogue, learning, media, playing

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
    path(LESSON + "session/", playing.session, name="session"),
    path(LESSON + "question/", playing.question, name="question"),
    path(LESSON + "answer/", playing.answer, name="answer"),
    path("learn/courses/uncounted/<uuid:public_id>/appeal/", playing.appeal, name="appeal"),
    path(LESSON + "video/", media.video, name="video"),
    path(LESSON + "audio/", media.audio, name="audio"),
    path(LESSON + "stream/<path:name>", media.stream, name="stream"),
    path(LESSON + "captions/", media.captions, name="captions"),
]
