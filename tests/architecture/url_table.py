"""Who may open which address: one row per address, or one per area whose rule is *refused*.

A row says who passes the gate of roles (the others get 403), who may open a thing of their own class or person
(``own``), who sees the thing but may not do this with it (``sees``: 403), and who may open the thing of another class
(``foreign``); for everybody else the thing does not exist (404). Visitors go to the sign-in page.
"""

from __future__ import annotations

from dataclasses import dataclass

PEOPLE = (
    "trainee",
    "other_trainee",
    "class_teacher",
    "other_teacher",
    "unit_admin",
    "training_office",
    "lecturer",
    "leader",
    "other_leader",
    "content_editor",
    "system_admin",
    "security_admin",
    "audit_admin",
)
VISITOR = "anonymous"
EVERYBODY = (VISITOR, *PEOPLE)
OPEN, SIGN_IN, FORBIDDEN, MISSING, NOT_SO = "open", "sign-in", "403", "404", "405"
REFUSED = "403 or 404"

ALL = " ".join(PEOPLE)
TEACHERS = "class_teacher other_teacher"
STAFF = f"{TEACHERS} training_office"
KEEPERS = "trainee class_teacher training_office unit_admin"
ANSWERING = "training_office lecturer"
LEADERS = "leader other_leader"
IN_OFFICE = f"{STAFF} unit_admin content_editor system_admin security_admin audit_admin"
RUN = "class_teacher training_office"  # those who run the class of the scene
OVERSEE = f"{RUN} unit_admin leader lecturer"  # who see what the trainee does in it
READERS = f"trainee {OVERSEE}"


@dataclass(frozen=True)
class Row:
    """One address. ``thing`` names an object of the scene; ``method`` POST for what only changes something."""

    name: str
    thing: str = ""
    roles: str = ALL
    own: str = ""
    sees: str = ""
    foreign: str = ""
    foreign_sees: str = ""
    visitors: str = SIGN_IN
    method: str = "GET"
    data: str = ""  # what is sent along: a thing of the scene
    gate: str = "403"  # what others than the roles get

    def expected(self, persona: str, *, foreign: bool = False) -> str:
        if persona == VISITOR:
            return self.visitors
        if persona not in self.roles.split():
            return self.gate
        if not self.thing:
            return OPEN
        if foreign:
            return _right(persona, self.foreign, self.foreign_sees)
        return _right(persona, self.own, self.sees)


def _right(persona: str, opens: str, sees: str) -> str:
    if persona in opens.split():
        return OPEN
    return FORBIDDEN if persona in sees.split() else MISSING


@dataclass(frozen=True)
class Area:
    """Addresses of one kind (a prefix): refused to everybody but the named; to those it is Wagtail's own rule."""

    prefix: str
    may: str = ""
    sample: str = ""  # for a pattern without a name


def public(name: str, thing: str = "", **more: str) -> Row:
    """Open to everybody, visitors included."""
    return Row(name, thing, own=ALL, foreign=ALL, **{"visitors": OPEN, **more})


def act(name: str, thing: str = "", **more: str) -> Row:
    """Changes something: POST only."""
    return Row(name, thing, method="POST", **more)


def office(name: str, thing: str = "cohort", **more: str) -> Row:
    """A page about a class, for those who run it."""
    seen = "other_teacher"
    return Row(name, thing, **{"roles": STAFF, "own": RUN, "foreign": seen, **more})


def sent(name: str, thing: str = "cohort", **more: str) -> Row:
    """The same, POST only."""
    return office(name, thing, method="POST", **more)


EDITORS = "content_editor training_office"

# A document of a lesson is for those who learn it and for those who edit.
DOCUMENT = Row("wagtaildocs_serve", "file", own=f"trainee {EDITORS}", foreign=EDITORS, visitors=MISSING)

PUBLIC = [
    public("cms:home"),
    public("cms:tracks"),
    public("cms:cases"),
    public("cms:laws"),
    public("cms:law-table"),
    public("cms:help"),
    public("cms:about"),
    public("cms:privacy"),
    public("cms:search"),
    public("cms:feedback"),
    public("cms:feedback-find"),
    public("cms:feedback-status", "feedback"),
    public("courses:catalogue"),
    public("courses:course", "course"),
    public("certificates:verify"),
    public("cohorts:calendar", "calendar_feed"),
    public("wagtail_serve", "case"),
    public("wagtailadmin_sprite"),
    public("people:sign-in"),
    public("people:sign-out", method="POST"),
    public("people:activate"),
    public("core:language", method="POST"),
    public("core:display", method="POST"),
]

ACCOUNT = [
    Row("people:start"),
    Row("people:account"),
    Row("people:password"),
    Row("people:notice"),
    Row("core:notices"),
    Row("core:notice", "notice", own="trainee"),
    act("core:notices-read"),
    act("people:channel"),
    act("people:own-email"),
    act("core:notice-open", "notice", own="trainee"),
    act("core:view-keep"),
    act("core:view-drop", "saved_view", own="training_office"),
    Row("jobs:list"),
    Row("jobs:detail", "job", own="training_office"),
    Row("jobs:result", "job_with_file", own="training_office"),
    act("jobs:retry", "job", own="training_office"),
]

CADRE = [
    Row("portal:desk"),
    Row("portal:archive"),
    Row("records_own:hours"),
    Row("records_own:requirement", "own_requirement", own=ALL, foreign=ALL),
    Row("records_own:claims"),
    Row("records_own:new-claim"),
    Row("records_own:claim", "hour_claim", own="trainee"),
    Row("records_own:claim-file", "hour_claim", own="trainee"),
    Row("records_own:claim-again", "ended_claim", own="trainee"),
    act("records_own:claim-withdraw", "hour_claim", own="trainee"),
    Row("records_own:leaders", roles=LEADERS),
    act("courses:enrol", "course", own=ALL, foreign=ALL),
    Row("courses:advice"),
    act("courses:advice-switch"),
    Row("courses:notes"),
    Row("courses:export-notes"),
    act("courses:delete-note", "lesson_note", own="trainee"),
    Row("courses:questions", "course", own="trainee"),
    Row("courses:teach-questions", roles=ANSWERING),
    Row("courses:teach-question", "lesson_question", roles=ANSWERING, own=ANSWERING),
    act("courses:hide-question", "lesson_question", roles=ANSWERING, own=ANSWERING),
    act("courses:show-question", "lesson_question", roles=ANSWERING, own=ANSWERING),
    Row("courses:record", "enrolment", own=KEEPERS, sees="leader lecturer", foreign="other_teacher"),
    Row(
        "courses:record-pdf",
        "enrolment",
        own="trainee class_teacher training_office unit_admin",
        sees="leader lecturer",
        foreign="other_teacher",
    ),
    act("courses:evaluate", "finished", own="trainee"),
    Row("courses:material", "course_file", own="trainee"),
    Row("courses:teach-evaluations", roles=ANSWERING),
    Row("courses:around", "lesson", own="trainee"),
    act("courses:note", "lesson", own="trainee"),
    act("courses:ask", "lesson", own="trainee"),
    Row("courses:mine"),
    Row("courses:audits"),
    Row("courses:audit", "audit", own=EDITORS, foreign=EDITORS),
    Row("courses:learn", "enrolment", own="trainee"),
    Row("courses:lesson", "lesson", own="trainee"),
    act("courses:progress", "lesson", own="trainee"),
    act("courses:check", "lesson", own="trainee"),
    act("courses:session", "video_lesson", own="trainee"),
    act("courses:question", "video_lesson", own="trainee"),
    act("courses:answer", "video_lesson", own="trainee"),
    act("courses:appeal", "anomaly", own="trainee"),
    Row("courses:video", "video_lesson", own="trainee"),
    Row("courses:audio", "audio_lesson", own="trainee"),
    Row("courses:stream", "stream_lesson", own="trainee"),
    Row("courses:captions", "video_lesson", own="trainee"),
    Row("courses:document", "document_lesson", own="trainee"),
    act("courses:proof", "link_lesson", own="trainee"),
    Row("courses:proof-file", "proof", own="trainee training_office lecturer"),
    Row("assessments:exams"),
    Row("assessments:exam", "exam", own="trainee", sees=OVERSEE, foreign_sees="other_teacher"),
    act("assessments:start", "exam", own="trainee", sees=OVERSEE, foreign_sees="other_teacher"),
    Row("assessments:attempt", "attempt", own="trainee", sees=OVERSEE, foreign_sees="other_teacher"),
    Row("assessments:answers", "attempt", own="trainee", sees=OVERSEE, foreign_sees="other_teacher"),
    act("assessments:save", "attempt", own="trainee", sees=OVERSEE, foreign_sees="other_teacher"),
    Row("assessments:check-paper", "attempt", own="trainee", sees=OVERSEE, foreign_sees="other_teacher"),
    act("assessments:submit", "attempt", own="trainee", sees=OVERSEE, foreign_sees="other_teacher"),
    Row("assessments:result", "attempt", own="trainee", sees=OVERSEE, foreign_sees="other_teacher"),
    Row("assessments:task", "task", own="trainee", sees=OVERSEE, foreign_sees="other_teacher"),
    Row(
        "assessments:work-file",
        "work_file",
        own="trainee lecturer",
        sees=f"{RUN} unit_admin leader",
        foreign_sees="other_teacher",
    ),
    Row("cohorts:check-in"),
    Row("cohorts:scan", "scan", own="trainee"),
    act("assessments:voiding-reply", "voiding", own="trainee"),
    Row("assessments:evaluations"),
    Row("assessments:evaluation", "survey", own="trainee"),
    Row("cohorts:my-class"),
    Row("cohorts:class", "cohort", own="trainee"),
    Row("cohorts:photo", "photo", own=f"trainee {RUN}", sees="unit_admin leader lecturer", foreign="other_teacher"),
    Row("cohorts:my-leave", "cohort", own="trainee"),
    act("cohorts:leave-submit", "cohort", own="trainee"),
    Row("cohorts:leave-request", "own_request", own="trainee"),
    act("cohorts:leave-withdraw", "own_request", own="trainee"),
    act("cohorts:leave-attach", "own_request", own="trainee"),
    act("cohorts:leave-report-back", "own_request", own="trainee"),
    Row("cohorts:leave-proof", "own_request", own="trainee"),
    Row("cohorts:my-discipline", "cohort", own="trainee"),
    act("cohorts:discipline-reply", "matter", own="trainee"),
    act("cohorts:calendar-open", "cohort", own="trainee"),
    act("cohorts:calendar-revoke", "cohort", own="trainee"),
    Row("cohorts:my-appraisal", "cohort", own="trainee"),
    Row("certificates:mine"),
    Row("certificates:download", "certificate", own=READERS, foreign="other_teacher"),
    Row("certificates:report", "report", own=READERS, foreign="other_teacher"),
    Row("certificates:report-file", "report", own=READERS, foreign="other_teacher"),
]

MARKER = {"roles": f"{STAFF} lecturer", "own": "lecturer", "sees": RUN, "foreign_sees": "other_teacher"}
# The learners of a course: its lecturers, and every office, which sees its own people among them.
LOOKS_AFTER = {"roles": f"{STAFF} lecturer", "own": "training_office lecturer", "foreign": "training_office"}
# The space of a class: its members, those who run it and those who teach in it.
IN_SPACE = {"own": f"trainee {RUN} lecturer", "foreign": "other_teacher"}
NOT_LECTURERS = {
    "own": f"trainee {RUN}", "sees": "lecturer", "foreign": "other_teacher",
}  # fmt: skip
SPACE = [
    Row("cohorts:space-notices", "cohort", **IN_SPACE),
    Row("cohorts:space-notice", "class_notice", **IN_SPACE),
    Row("cohorts:space-notice-file", "class_notice", **IN_SPACE),
    Row("cohorts:space-materials", "cohort", **IN_SPACE),
    Row("cohorts:space-material", "class_material", **IN_SPACE),
    Row("cohorts:space-topics", "cohort", **IN_SPACE),
    Row("cohorts:space-topic-add", "cohort", **NOT_LECTURERS),
    Row("cohorts:space-topic", "class_topic", **IN_SPACE),
    act("cohorts:space-reply", "class_topic", **IN_SPACE),
    Row("cohorts:space-post-edit", "class_post", own="trainee", sees=f"{RUN} lecturer", foreign_sees="other_teacher"),
    Row("cohorts:space-post-report", "class_post", **IN_SPACE),
    Row("cohorts:space-contacts", "cohort", **NOT_LECTURERS),
    act("cohorts:space-phone", "cohort", own="trainee", sees=f"{RUN} lecturer", foreign_sees="other_teacher"),
    office("cohorts:space"),
    office("cohorts:space-notice-add"),
    office("cohorts:space-notice-edit", "class_notice"),
    office("cohorts:space-notice-attachment", "class_notice"),
    office("cohorts:space-notice-withdraw", "class_notice"),
    office("cohorts:space-files"),
    office("cohorts:space-file-add"),
    office("cohorts:space-file-edit", "class_material"),
    office("cohorts:space-file-versions", "class_material"),
    office("cohorts:space-file-version", "class_file"),
    office("cohorts:space-file-withdraw", "class_material"),
    office("cohorts:space-talk"),
    office("cohorts:space-post-hide", "class_post"),
    sent("cohorts:space-post-show", "class_post"),
    sent("cohorts:space-post-keep", "class_post"),
]

TEACHING = [
    Row("courses:teaching", roles=f"{STAFF} lecturer"),
    Row("courses:learners", "taught", **LOOKS_AFTER),
    Row("courses:remind", "taught", **LOOKS_AFTER),
    Row("courses:live", "live_lesson", **LOOKS_AFTER),
    Row("courses:decide-proof", "proof", **{**LOOKS_AFTER, "foreign": ""}),
    Row("courses:bulk-enrol", "taught", roles="training_office", own="training_office", foreign="training_office"),
    Row("courses:lecturers", "taught", roles="training_office", own="training_office", foreign="training_office"),
    Row(
        "courses:arrange-live",
        "live_lesson",
        roles="training_office",
        own="training_office",
        foreign="training_office",
    ),
    Row("assessments:marking", roles=f"{STAFF} lecturer"),
    Row(
        "assessments:marking-task",
        "task",
        roles=f"{STAFF} lecturer",
        own="lecturer",
        sees=RUN,
        foreign_sees="other_teacher",
    ),
    act(
        "assessments:extend",
        "submission",
        roles=f"{STAFF} lecturer",
        own="lecturer",
        sees=RUN,
        foreign_sees="other_teacher",
    ),
    Row(
        "assessments:mark",
        "submission",
        roles=f"{STAFF} lecturer",
        own="lecturer",
        sees=RUN,
        foreign_sees="other_teacher",
    ),
    Row(
        "assessments:decide",
        "dispute",
        roles=f"{STAFF} lecturer",
        own="training_office",
        sees="class_teacher lecturer",
        foreign_sees="other_teacher",
    ),
    Row("cohorts:teach", roles=f"{STAFF} lecturer"),
    Row("cohorts:teach-evaluations", roles="lecturer"),
    Row("cohorts:teach-evaluation", "closed_survey", roles="lecturer", own="lecturer"),
    public("cohorts:roll-call-worker"),
    office("cohorts:roll-call", "half_day"),
    office("cohorts:check-in-screen", "half_day"),
    office("cohorts:check-in-code", "half_day"),
    sent("cohorts:check-in-close", "half_day"),
    # Approving is for whoever holds a seat; proof is for those to whom this request has come.
    Row("cohorts:leave-waiting"),
    Row("cohorts:leave-approval", "request", own=RUN, foreign="other_teacher"),
    Row(
        "cohorts:leave-approval-proof", "request", own="class_teacher", sees="training_office", foreign="other_teacher"
    ),
    Row("cohorts:leave-back", "request", own=RUN, foreign="other_teacher"),
    Row("cohorts:seat-delegate", "seat", own="training_office"),
]

CLASSES = [
    office("cohorts:board"),
    sent("cohorts:advance"),
    office("cohorts:history"),
    office("cohorts:members"),
    sent("cohorts:members-register"),
    sent("cohorts:members-bulk"),
    sent("cohorts:members-groups"),
    office("cohorts:members-export"),
    office("cohorts:member", "member"),
    sent("cohorts:member-group", "member", data="group"),
    office("cohorts:arrival"),
    office("cohorts:arrival-desk"),
    sent("cohorts:arrive", "member"),
    sent("cohorts:arrival-undo", "member"),
    office("cohorts:member-replace", "member"),
    office("cohorts:member-photo", "member"),
    sent("cohorts:photo-remove", "member"),
    office("cohorts:photos"),
    office("cohorts:photos-preview", "photo_batch"),
    sent("cohorts:photos-take", "photo_batch"),
    office("cohorts:lodging"),
    office("cohorts:lodging-import"),
    office("cohorts:lodging-export"),
    office("cohorts:lodging-print"),
    office("cohorts:member-lodging", "member"),
    office("cohorts:groups"),
    sent("cohorts:groups-move", data="group"),
    office("cohorts:duties"),
    office("cohorts:duty-end", "duty"),
    office("cohorts:leave-record", "member"),
    office("cohorts:leave-return", "leave"),
    office("cohorts:leave-requests"),
    office("cohorts:leave-cancel", "own_request"),
    office("cohorts:discipline"),
    office("cohorts:discipline-confirm", "matter"),
    office("cohorts:discipline-drop", "matter"),
    office("cohorts:discipline-close", "matter"),
    office("cohorts:discipline-review", "matter"),
    office("cohorts:timetable"),
    office("cohorts:session-add"),
    office("cohorts:session-change", "session"),
    sent("cohorts:session-move", "session"),
    sent("cohorts:session-remove", "session"),
    office("cohorts:timetable-publish"),
    office("cohorts:timetable-week", "class_day"),
    office("cohorts:timetable-day", "class_day"),
    office("cohorts:attendance"),
    office("cohorts:attendance-export"),
    office("cohorts:attendance-day", "cohort_day"),
    office("cohorts:attendance-day-print", "cohort_day"),
    office("cohorts:attendance-day-export", "cohort_day"),
    office("cohorts:attendance-day-scans", "cohort_day"),
    office("cohorts:learning"),
    office("cohorts:requirements"),
    office("cohorts:requirement-course"),
    office("cohorts:requirement-exam"),
    office("cohorts:requirement-task"),
    office("cohorts:task-arrangement", "cohort_task"),
    office("cohorts:requirement-surveys"),
    office("cohorts:requirement-choice"),
    office("cohorts:requirement-attendance"),
    sent("cohorts:requirement-existing", data="existing"),
    sent("cohorts:requirement-move", "requirement"),
    sent("cohorts:requirement-drop", "requirement"),
    sent("cohorts:exam-release", "cohort_exam"),
    office("cohorts:evaluations"),
    sent("cohorts:evaluations-open"),
    office("cohorts:evaluations-export"),
    office("cohorts:evaluation", "evaluation"),
    sent("cohorts:evaluation-remind", "evaluation"),
    office("cohorts:graduation"),
    office("cohorts:graduation-export"),
    office("cohorts:papers"),
    sent("cohorts:paper-print", "print", data="print_as"),
    office("cohorts:appraisals"),
    sent("cohorts:appraisals-required"),
    office("cohorts:appraisal", "member"),
    office("cohorts:appraisal-unsign", "member"),
    office("cohorts:honours"),
    office("cohorts:honour-give", "quota"),
    office("cohorts:honour-withdraw", "honour"),
    office("cohorts:closing"),
    sent("cohorts:paper-attach"),
    office("cohorts:paper", "paper"),
    office("cohorts:close"),
    office("cohorts:undo-close", "closed_cohort"),
]

# What the office of the host does, and its class teachers do not.
OFFICE_ONLY: dict[str, str] = {"roles": "training_office", "own": "training_office", "foreign": ""}
HOST = [
    office("cohorts:cancel", **OFFICE_ONLY),
    sent("cohorts:staff-add", **OFFICE_ONLY),
    sent("cohorts:staff-dismiss", "staff", **OFFICE_ONLY),
    office("cohorts:members-add", **OFFICE_ONLY),
    office("cohorts:leave-decision", "member", **OFFICE_ONLY),
    office("cohorts:arrival-cancel", **OFFICE_ONLY),
    office("cohorts:lodging-erase", **OFFICE_ONLY),
    office("cohorts:clone", **OFFICE_ONLY),
    office("cohorts:member-waivers", "member", **OFFICE_ONLY),
    office("cohorts:waiver-revoke", "waiver", **OFFICE_ONLY),
    office("cohorts:honour-quota", **OFFICE_ONLY),
    office("cohorts:roster-upload", **OFFICE_ONLY),
    office("cohorts:roster-columns", "roster", **OFFICE_ONLY),
    office("cohorts:roster-preview", "roster", **OFFICE_ONLY),
    sent("cohorts:roster-commit", "roster", **OFFICE_ONLY),
    office("cohorts:roster-refused", "roster", **OFFICE_ONLY),
    Row("cohorts:roster-template", roles="training_office"),
    Row("cohorts:leave-settings", roles="training_office"),
    Row("cohorts:leave-ladder", "host", roles="training_office", own="training_office"),
    act("cohorts:seat-add", "host", roles="training_office", own="training_office"),
    act("cohorts:seat-remove", "seat", roles="training_office", own="training_office"),
    office("certificates:issue", "closed_cohort"),
    sent("certificates:order-reports", "closed_cohort", **OFFICE_ONLY),
    office("certificates:revoke", "certificate", **OFFICE_ONLY),
    office("certificates:reissue", "certificate", **OFFICE_ONLY),
    Row("certificates:templates", roles="training_office"),
    Row("certificates:template-sample", "template", roles="training_office", own="training_office", foreign=ALL),
]

NAMING = "trainee unit_admin training_office"  # who see the nomination of the scene
PLACES = [
    Row("planning:nominations"),
    act("planning:nominations-agree"),
    Row("planning:nominations-hanging", roles="unit_admin"),
    Row("planning:stand-ins", roles="unit_admin"),
    act("planning:stand-in-end", "stand_in", roles="unit_admin", own="unit_admin"),
    Row("planning:nominations-call", "call_up", roles="unit_admin", own="unit_admin"),
    Row("planning:nominations-pick", "call_up", roles="unit_admin", own="unit_admin"),
    Row("planning:nomination", "nomination", own=NAMING),
    act("planning:nomination-review", "nomination", own="unit_admin training_office", sees="trainee"),
    act("planning:nomination-withdraw", "nomination", own="unit_admin training_office", sees="trainee"),
    act("planning:nomination-reply", "nomination", own="unit_admin", sees="trainee training_office"),
    Row("planning:nomination-replace", "nomination", own="unit_admin", sees="trainee training_office"),
    Row("planning:my-nominations"),
    Row("planning:open-classes"),
    act("planning:open-class-apply", "open_class", own=ALL),
    office("planning:call-up", "call_up"),
    office("planning:call-up-edit", "call_up", **OFFICE_ONLY),
    office("planning:call-up-quotas", "call_up", **OFFICE_ONLY),
    sent("planning:call-up-open", "call_up", **OFFICE_ONLY),
    sent("planning:call-up-bulk", "call_up", **OFFICE_ONLY),
    office("planning:nomination-decide", "nomination", **OFFICE_ONLY),
]

SUMMARY = f"{LEADERS} training_office"
SUMMARISED = "leader training_office"
READING = [
    Row("portal:leaders", roles=LEADERS),
    Row("portal:leaders-people", roles=SUMMARY),
    Row("portal:leaders-cohort", "closed_cohort", roles=SUMMARY, own=SUMMARISED),
    Row("portal:leaders-members", "closed_cohort", roles=SUMMARY, own=SUMMARISED),
    Row("portal:leaders-unit", "unit", roles=SUMMARY, own=SUMMARISED),
    Row("portal:statistics", roles="training_office"),
    act("portal:statistics-make", roles="training_office"),
    Row("portal:statistics-report", "statistics", roles="training_office", own="training_office"),
    Row("portal:statistics-file", "statistics", roles="training_office", own="training_office"),
    Row(
        "portal:archive-of",
        "person",
        roles=f"{LEADERS} unit_admin training_office",
        own="leader unit_admin training_office",
    ),
]

PLANNERS = {"roles": "training_office", "own": "training_office"}
PLANNING = [
    Row("planning:plan", "plan", **PLANNERS),
    Row("planning:plan-rename", "plan", **PLANNERS),
    Row("planning:plan-discard", "plan", **PLANNERS),
    Row("planning:plan-copy", "plan_waiting", **PLANNERS),
    Row("planning:plan-submit", "plan", **PLANNERS),
    Row("planning:plan-decide", "plan_waiting", **PLANNERS),
    Row("planning:plan-export", "plan", **PLANNERS),
    Row("planning:plan-import", "plan", **PLANNERS),
    Row("planning:class-add", "plan", **PLANNERS),
    Row("planning:class", "planned", **PLANNERS),
    act("planning:class-remove", "planned", **PLANNERS),
    act("planning:class-move", "planned", **PLANNERS),
    Row("planning:class-cancel", "approved_class", **PLANNERS),
    Row("planning:class-found", "approved_class", **PLANNERS),
    act("planning:class-carry", "approved_class", **PLANNERS),
    Row("planning:change", "plan_change", **PLANNERS),
    act("planning:change-withdraw", "plan_change", **PLANNERS),
    Row("planning:year", roles="training_office"),
    Row("planning:year-sheet", roles="training_office"),
    Row("planning:needs", roles="training_office"),
    Row("planning:need", "need", **PLANNERS),
    Row("planning:need-people", "need", **PLANNERS),
    Row("planning:need-draft", "need_line", **PLANNERS),
    Row("planning:leaders-plans", roles=LEADERS),
    Row("planning:leaders-plan", "plan_waiting", roles=LEADERS, own="leader"),
    Row("planning:leaders-change", "plan_change", roles=LEADERS, own="leader"),
]

# Viewsets of ours in Wagtail's admin: an index shows the scope, a row outside it does not exist.


def index(space: str, roles: str) -> list[Row]:
    return [Row(f"{space}:index", roles=roles), Row(f"{space}:index_results", roles=roles)]


def row(name: str, thing: str, roles: str, own: str = "", foreign: str = "") -> Row:
    return Row(name, thing, roles=roles, own=own or roles, foreign=foreign, gate=REFUSED)


def common(space: str, thing: str) -> list[Row]:
    """What the training offices keep in common."""
    pages = ("edit", "history", "history_results")
    rows = [row(f"{space}:{name}", thing, "training_office", foreign="training_office") for name in pages]
    return [*index(space, "training_office"), Row(f"{space}:add", roles="training_office"), *rows]


FILES = f"{STAFF} unit_admin"  # who open the list of people
AUDIT = "security_admin audit_admin"
KEEP_OUTSIDE = "training_office system_admin"  # messages that leave the house: words, rules, sending again
OUTSIDE = f"{KEEP_OUTSIDE} audit_admin"
BANK = "training_office content_editor"
HOURS = "training_office unit_admin"
OFFICE_EVERYWHERE = dict.fromkeys(("roles", "own", "foreign"), "training_office")
VIEWSETS = [
    *index("office-people", FILES),
    Row("office-people:add", roles="training_office unit_admin"),
    row("office-people:edit", "person_row", "training_office unit_admin"),
    row("office-people:history", "person_row", "training_office unit_admin"),
    row("office-people:history_results", "person_row", "training_office unit_admin"),
    row("office-people:inspect", "person_row", FILES, f"{RUN} unit_admin", "other_teacher"),
    Row("office-people:slips", roles="training_office unit_admin"),
    row("office-people:posting", "person_row", "training_office unit_admin"),
    row("office-people:reset", "person_row", "training_office unit_admin"),
    *index("office-units", "training_office unit_admin"),
    Row("office-units:add", roles="training_office"),
    row("office-units:edit", "unit_row", "training_office"),
    row("office-units:history", "unit_row", "training_office"),
    row("office-units:history_results", "unit_row", "training_office"),
    row("office-units:inspect", "unit_row", "training_office unit_admin"),
    row("office-units:rename", "unit_row", "training_office"),
    row("office-units:merge", "unit_row", "training_office"),
    row("office-units:split", "unit_row", "training_office"),
    *index("office-grants", AUDIT),
    Row("office-grants:add", roles="security_admin"),
    row("office-grants:end", "grant_row", "security_admin", foreign="security_admin"),
    *index("office-reads", "audit_admin"),
    *index("office-deliveries", OUTSIDE),
    row("office-deliveries:again", "delivery_row", KEEP_OUTSIDE, foreign="system_admin"),
    Row("office-deliveries:again-all", roles=KEEP_OUTSIDE, gate=REFUSED),
    Row("office-messages:templates", roles=OUTSIDE),
    Row("office-messages:template", "message_kind", roles=OUTSIDE, own=OUTSIDE, foreign=OUTSIDE),
    Row("office-messages:rules", roles=OUTSIDE),
    *index("office_plans", "training_office"),
    Row("office_plans:add", roles="training_office"),
    row("office_plans:history", "plan_row", "training_office"),
    row("office_plans:history_results", "plan_row", "training_office"),
    *index("office_planned_classes", "training_office"),
    *index("office_cost_standards", "training_office"),
    Row("office_cost_standards:add", roles="training_office"),
    *index("planning_calls", "training_office"),
    *index("planning_nominations", "training_office"),
    *index("planning_hanging", "training_office"),
    *index("office_cohorts", STAFF),
    Row("office_cohorts:add", roles="training_office"),
    row("office_cohorts:edit", "cohort_row", STAFF, RUN, "other_teacher"),
    row("office_cohorts:history", "cohort_row", STAFF, RUN, "other_teacher"),
    row("office_cohorts:history_results", "cohort_row", STAFF, RUN, "other_teacher"),
    row("office_cohorts:usage", "cohort_row", STAFF, RUN, "other_teacher"),
    *common("office_faculty", "faculty_row"),
    row("office_faculty:inspect", "faculty_row", "training_office", foreign="training_office"),
    row("office_faculty:absence", "faculty_row", "training_office", foreign="training_office"),
    row("office_faculty:absence-drop", "faculty_absence", "training_office", foreign="training_office"),
    *common("office_rooms", "room_row"),
    *common("office_fees", "fee_row"),
    *common("office_calendar", "calendar_row"),
    row("office_calendar:drop", "calendar_row", "training_office", foreign="training_office"),
    *index("office_certificates", STAFF),
    row("office_certificates:inspect", "certificate_row", STAFF, RUN, "other_teacher"),
    *index("office_exams", STAFF),
    row("office_exams:inspect", "exam_row", STAFF, RUN, "other_teacher"),
    act("assessments_release", "exam_row", roles=STAFF, own=RUN, foreign="other_teacher"),
    *index("office_seats", STAFF),
    row("office_seats:inspect", "seat_row", STAFF, RUN, "other_teacher"),
    row("office_seats:void", "seat_row", "training_office"),
    row("office_seats:lift", "seat_row", "training_office"),
    *index("office_submissions", STAFF),
    row("office_submissions:inspect", "work_row", STAFF, RUN, "other_teacher"),
    row("office_submissions:void", "work_row", "training_office"),
    row("office_submissions:lift", "work_row", "training_office"),
    *index("office_questions", BANK),
    Row("office_questions:add", roles=BANK),
    row("office_questions:edit", "question_row", BANK, foreign=BANK),
    row("office_questions:history", "question_row", BANK, foreign=BANK),
    row("office_questions:history_results", "question_row", BANK, foreign=BANK),
    row("office_questions:usage", "question_row", BANK, foreign=BANK),
    row("office_questions:inspect", "question_row", BANK, foreign=BANK),
    act("assessments_activate_question", "question_row", roles=BANK, own=BANK, foreign=BANK),
    *index("office_blueprints", "training_office"),
    Row("office_blueprints:add", roles="training_office"),
    row("office_blueprints:edit", "blueprint_row", "training_office", foreign="training_office"),
    row("office_blueprints:history", "blueprint_row", "training_office", foreign="training_office"),
    row("office_blueprints:history_results", "blueprint_row", "training_office", foreign="training_office"),
    row("office_blueprints:usage", "blueprint_row", "training_office", foreign="training_office"),
    *index("office_rubrics", "training_office"),
    Row("office_rubrics:add", roles="training_office"),
    row("office_rubrics:edit", "rubric_row", "training_office", foreign="training_office"),
    row("office_rubrics:history", "rubric_row", "training_office", foreign="training_office"),
    row("office_rubrics:history_results", "rubric_row", "training_office", foreign="training_office"),
    row("office_rubrics:usage", "rubric_row", "training_office", foreign="training_office"),
    *index("records_hours", HOURS),
    Row("records:register", roles="training_office"),
    Row("records:rules", roles=HOURS),
    Row("records:compliance", roles=HOURS),
    Row("records:forecast", roles=HOURS),
    act("records:forecast-rebuild", roles=HOURS),
    Row("records:trace", "hour_trace", roles=HOURS, own=HOURS),
    *index("records_claims", HOURS),
    Row("records:claim", "hour_claim", roles=HOURS, own=HOURS),
    Row("records:claim-file", "hour_claim", roles=HOURS, own=HOURS),
    act("records:claim-reverse", "hour_claim", roles="training_office", own="training_office"),
    *index("records_changes", "training_office"),
    Row("records:change", "hour_change", roles="training_office", own="training_office"),
    act("records:hour-draft-start", roles="training_office"),
    Row("records:hour-draft", roles="training_office"),
    Row("records:hour-draft-put", roles="training_office"),
    act("records:policy-draft-start", roles="training_office"),
    Row("records:policy-draft", roles="training_office"),
    Row("records:policy-draft-put", roles="training_office"),
    act("records:policy-preview", roles="training_office"),
    Row("records:previewed", "policy_preview", roles="training_office", own="training_office"),
    act("records:draft-drop", "hour_draft", **OFFICE_EVERYWHERE),
    Row("records:imports", roles="training_office"),
    Row("records:import-template", roles="training_office"),
    Row("records:import", "hour_import", roles="training_office", own="training_office"),
    act("records:import-commit", "hour_import", roles="training_office", own="training_office"),
    act("records:import-discard", "hour_import", roles="training_office", own="training_office"),
    Row("records:import-refused", "hour_import", roles="training_office", own="training_office"),
    Row("records:import-done", "hour_import", roles="training_office", own="training_office"),
    *index("feedbackmessage", "training_office"),
    row("feedbackmessage:edit", "feedback_row", "training_office", foreign="training_office"),
    row("feedbackmessage:history", "feedback_row", "training_office", foreign="training_office"),
    row("feedbackmessage:history_results", "feedback_row", "training_office", foreign="training_office"),
    row("feedbackmessage:usage", "feedback_row", "training_office", foreign="training_office"),
    *index("course_enrolments", "training_office"),
    *index("course_anomalies", "training_office"),
    Row("course_audits", roles=EDITORS, gate=REFUSED),
    Row("course_rights", roles=EDITORS, gate=REFUSED),
    row("course_editions", "course_row", EDITORS, foreign=EDITORS),
    row("course_move", "course_row", "training_office", foreign="training_office"),
    act(
        "course_publish_edition",
        "course_row",
        roles="training_office",
        own="training_office",
        foreign="training_office",
    ),
]

# Wagtail's own doors: what everybody of the office may open, and what nobody may.
DOORS = [
    Row("wagtailadmin_home", roles=IN_OFFICE),
    Row("wagtailadmin_dismissibles", roles=IN_OFFICE),
    Row("wagtailadmin_javascript_catalog"),
    Row("wagtailadmin_reports:site_history", roles="audit_admin"),
    Row("wagtailadmin_reports:site_history_results", roles="audit_admin"),
]

# Everything else of Wagtail's, refused to all but the named; the most exact prefix counts.
AREAS = [
    Area("office_"),
    Area("feedbackmessage:"),
    Area("course_enrolments:"),
    Area("course_courses:", EDITORS),
    Area("course_lessons:", EDITORS),
    Area("course_check_chooser:", EDITORS),
    Area("course_question_chooser:", EDITORS),
    Area("course_anomalies:", "training_office"),
    Area("course_courses:workflow_action", IN_OFFICE),  # leads back where nothing waits for an opinion
    Area("course_courses:collect_workflow_action_data", IN_OFFICE),
    Area("wagtail", ""),
    Area("wagtailadmin_", ""),
    Area("wagtailadmin_pages:", EDITORS),
    Area("wagtailadmin_explore", EDITORS),
    Area("wagtailadmin_reports:", EDITORS),
    Area("wagtailadmin_workflows:", ""),
    Area("wagtailimages", EDITORS),
    Area("wagtaildocs", EDITORS),
    Area("wagtaildocs_authenticate_with_password"),
    Area("wagtailsnippet", EDITORS),
    Area("office/jsi18n/", ALL, sample="/office/jsi18n/"),
    Area("office/account/", f"{ALL} {VISITOR}", sample="/office/account/"),  # leads to one's own
    Area("wagtailadmin_account", f"{ALL} {VISITOR}"),
    Area("wagtailadmin_pages:revisions_index", IN_OFFICE),  # leads to the history, which is refused
    Area("wagtailadmin_pages:confirm_workflow_cancellation", IN_OFFICE),  # says that there is nothing to confirm
    Area("course_courses:confirm_workflow_cancellation", IN_OFFICE),
    Area("wagtailadmin_editing_sessions:release", IN_OFFICE),  # one's own
    Area("wagtailadmin_choose_page", EDITORS),
    Area("wagtailadmin_tag", EDITORS),
    Area("wagtailadmin_api:", EDITORS),
    Area("wagtailembeds", EDITORS),
    Area("wagtailforms", EDITORS),
    Area("wagtailadmin_workflows:task_cho", EDITORS),
    Area("office/failwhale/", sample="/office/failwhale/"),
    Area("office/login/", sample="/office/login/"),
    Area("office/logout/", sample="/office/logout/"),
    Area("office/^(?:login|password_reset)", sample="/office/password_reset/confirm/MQ/abc/"),
    Area("office/^account/", sample="/office/account/change_password/"),
    Area("office/^users", sample="/office/users/1/"),
    Area("office/reports/", EDITORS, sample="/office/reports/locked/"),
    Area("office/bulk/", EDITORS, sample="/office/bulk/people/user/delete/?id=1"),
    Area("office/test404/", IN_OFFICE, sample="/office/test404/"),
    Area("office/^.*/$", sample="/office/nothing-of-this-name/"),
    Area("^documents/authenticate", sample="/documents/authenticate_with_password/1/"),
    Area("_util/login/", sample="/_util/login/"),
    Area("^_util/authenticate", sample="/_util/authenticate_with_password/1/1/"),
]

ROWS: list[Row] = [
    *PUBLIC, *ACCOUNT, *CADRE, *SPACE, *TEACHING, *CLASSES, *HOST, *PLACES, *READING, *PLANNING, *VIEWSETS, *DOORS,
    DOCUMENT,
]  # fmt: skip
