"""The candidate's pages under /learn/, the lecturer's under /teach/."""

from __future__ import annotations

from django.urls import path

from assessments.views import attempts, exams, marking, surveys, tasks, voidings

app_name = "assessments"

urlpatterns = [
    path("learn/exams/", exams.exam_list, name="exams"),
    path("learn/exams/<uuid:public_id>/", exams.exam, name="exam"),
    path("learn/exams/<uuid:public_id>/start/", exams.start, name="start"),
    path("learn/exams/attempts/<uuid:public_id>/", attempts.attempt, name="attempt"),
    path("learn/exams/attempts/<uuid:public_id>/answers/", attempts.answers, name="answers"),
    path("learn/exams/attempts/<uuid:public_id>/save/", attempts.save, name="save"),
    path("learn/exams/attempts/<uuid:public_id>/check/", attempts.check_paper, name="check-paper"),
    path("learn/exams/attempts/<uuid:public_id>/submit/", attempts.submit, name="submit"),
    path("learn/exams/attempts/<uuid:public_id>/result/", attempts.result, name="result"),
    path("learn/tasks/<uuid:public_id>/", tasks.task, name="task"),
    path("learn/tasks/<uuid:public_id>/files/<uuid:version_id>/", tasks.work_file, name="work-file"),
    path("learn/voidings/<uuid:public_id>/reply/", voidings.reply, name="voiding-reply"),
    path("learn/evaluations/", surveys.survey_list, name="evaluations"),
    path("learn/evaluations/<uuid:public_id>/", surveys.survey, name="evaluation"),
    path("teach/marking/", marking.task_list, name="marking"),
    path("teach/marking/<uuid:public_id>/", marking.member_list, name="marking-task"),
    path("teach/marking/<uuid:public_id>/<uuid:submission_id>/", marking.mark, name="mark"),
    path("teach/marking/<uuid:public_id>/<uuid:submission_id>/extend/", marking.extend, name="extend"),
    path("teach/marking/<uuid:public_id>/<uuid:submission_id>/decide/", marking.decide, name="decide"),
]
