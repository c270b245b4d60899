from __future__ import annotations

from django.urls import path

from courses.views import advice, catalogue, learning, media

app_name = "courses"

LESSON = "learn/courses/<uuid:public_id>/<int:position>/"

urlpatterns = [
    path("courses/", catalogue.catalogue, name="catalogue"),
    path("courses/<slug:key>/", catalogue.course, name="course"),
    path("courses/<slug:key>/enrol/", catalogue.choose, name="enrol"),
    path("learn/advice/", advice.advice, name="advice"),
    path("learn/advice/switch/", advice.switch, name="advice-switch"),
    path("learn/courses/", learning.mine, name="mine"),
    path("learn/courses/<uuid:public_id>/", learning.learn, name="learn"),
    path(LESSON, learning.lesson, name="lesson"),
    path(LESSON + "progress/", learning.save, name="progress"),
    path(LESSON + "check/", learning.check, name="check"),
    path(LESSON + "video/", media.video, name="video"),
    path(LESSON + "captions/", media.captions, name="captions"),
]
