from __future__ import annotations

from django.urls import path

from courses.views import advice, around, catalogue, evaluations, learning, materials, media, notes, questions, record

app_name = "courses"

LESSON = "learn/courses/<uuid:public_id>/<int:position>/"

urlpatterns = [
    path("courses/", catalogue.catalogue, name="catalogue"),
    path("courses/<slug:key>/", catalogue.course, name="course"),
    path("courses/<slug:key>/enrol/", catalogue.choose, name="enrol"),
    path("learn/courses/advice/", advice.advice, name="advice"),
    path("learn/courses/advice/switch/", advice.switch, name="advice-switch"),
    path("learn/courses/notes/", notes.notes, name="notes"),
    path("learn/courses/notes/export/", notes.export, name="export-notes"),
    path("learn/courses/notes/<uuid:public_id>/delete/", notes.delete, name="delete-note"),
    path("learn/courses/questions/<slug:key>/", questions.of_course, name="questions"),
    path("teach/questions/", questions.inbox, name="teach-questions"),
    path("teach/questions/<uuid:public_id>/", questions.one, name="teach-question"),
    path("teach/questions/<uuid:public_id>/hide/", questions.hide, name="hide-question"),
    path("teach/questions/<uuid:public_id>/show/", questions.show, name="show-question"),
    path("learn/courses/", learning.mine, name="mine"),
    path("learn/courses/<uuid:public_id>/", learning.learn, name="learn"),
    path("learn/courses/<uuid:public_id>/record/", record.page, name="record"),
    path("learn/courses/<uuid:public_id>/record/pdf/", record.pdf, name="record-pdf"),
    path("learn/courses/<uuid:public_id>/evaluate/", evaluations.evaluate, name="evaluate"),
    path("learn/courses/<uuid:public_id>/materials/<int:position>/", materials.material, name="material"),
    path("teach/course-evaluations/", evaluations.overview, name="teach-evaluations"),
    path(LESSON, learning.lesson, name="lesson"),
    path(LESSON + "progress/", learning.save, name="progress"),
    path(LESSON + "check/", learning.check, name="check"),
    path(LESSON + "around/", around.around, name="around"),
    path(LESSON + "around/note/", around.note, name="note"),
    path(LESSON + "around/ask/", around.ask_question, name="ask"),
    path(LESSON + "video/", media.video, name="video"),
    path(LESSON + "captions/", media.captions, name="captions"),
]
