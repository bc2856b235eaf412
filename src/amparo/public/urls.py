"""Every address of the door. Those without a form change nothing, whoever asks for them."""

from django.urls import path

from amparo.public import button, certificate, language, private, start, steps

urlpatterns = [
    path("", start.start),
    path("help-me", start.start, name="start"),
    path("help", start.help_page, name="help"),
    path("leave", start.leave, name="leave"),
    path("healthz", start.healthz),
    path("report", start.report, name="report"),
    path("report-door.js", button.script),
    path("report-door.json", button.facts),
    path("embed", button.embed),
    path(".well-known/report-door", button.well_known),
    path("report/who", steps.who, name="who"),
    path("report/age", steps.age, name="age"),
    path("report/how", steps.how, name="how"),
    path("report/check", steps.check, name="check"),
    path("u", private.enter),
    path("u/", private.enter, name="enter"),
    path("u/page", private.page, name="page"),
    path("u/words", private.words, name="words"),
    path("u/again", private.again, name="again"),
    path("u/links", private.links, name="links"),
    path("u/answers", private.answers, name="answers"),
    path("u/code", private.new_code, name="new_code"),
    path("u/certificate", certificate.page, name="certificate"),
    path("u/certificate.txt", certificate.download, name="certificate_text"),
    path("language", language.choose, name="language"),
    path("language/first", language.of_start, name="of_start"),
    path("language/enter", language.of_enter, name="of_enter"),
    path("language/check", language.of_check, name="of_check"),
    path("language/page", language.of_page, name="of_page"),
    path("language/receipt", language.of_receipt, name="of_receipt"),
    path("language/code", language.of_new_code, name="of_new_code"),
    path("language/kept", language.of_kept, name="of_kept"),
    path("language/error", language.of_error, name="of_error"),
    path("certificate-key", certificate.key, name="certificate_key"),
]

handler400 = "amparo.public.errors.bad_request"
handler403 = "amparo.public.errors.forbidden"
handler404 = "amparo.public.errors.not_found"
handler500 = "amparo.public.errors.broken"
