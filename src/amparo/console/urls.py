"""The console's addresses. Each has a row in `rights.py`."""

from django.urls import path, register_converter

from amparo.console import (
    bank_acts,
    banks,
    case_page,
    codes,
    deciding,
    errors,
    faith,
    links,
    media,
    notices,
    offices,
    paths,
    queue,
    referrals,
    reporting,
    senders,
    sign_in,
    staff,
    walls,
)
from amparo.console import own_page as me

register_converter(paths.CaseIdPath, "case")
register_converter(paths.NoticeIdPath, "notice")
register_converter(paths.StaffIdPath, "staff")
register_converter(paths.BankPath, "bank")
register_converter(paths.OfficeIdPath, "office")
register_converter(paths.ContactIdPath, "contact")
register_converter(paths.NumberPath, "number")

urlpatterns = [
    path("healthz", walls.healthz, name="healthz"),
    path("sign-in", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-out", sign_in.SignOut.as_view(), name="sign-out"),
    path("password", sign_in.Password.as_view(), name="password"),
    path("me", me.me, name="me"),
    path("me/accounts", me.name_account, name="name-account"),
    path("", queue.queue, name="queue"),
    path("cases/<case:case_id>", case_page.case_page, name="case"),
    path("cases/<case:case_id>/open", case_page.open_case, name="open-case"),
    path("cases/<case:case_id>/put-down", case_page.put_down, name="put-down"),
    path("cases/<case:case_id>/parts/<number:number>", media.part, name="part"),
    path("cases/<case:case_id>/remove", deciding.remove, name="remove"),
    path("cases/<case:case_id>/keep", deciding.keep, name="keep"),
    path("replies", notices.replies, name="replies"),
    path("notices/<notice:notice_id>", notices.notice_page, name="notice"),
    path("notices/<notice:notice_id>/letters", notices.write, name="write"),
    path("notices/<notice:notice_id>/doubt", faith.doubt, name="doubt"),
    path("notices/<notice:notice_id>/lift-doubt", faith.lift, name="lift-doubt"),
    path("links", links.links, name="links"),
    path("links/<notice:notice_id>/<number:position>", links.link, name="link"),
    path("links/<notice:notice_id>/<number:position>/place", links.place, name="place-link"),
    path("links/<notice:notice_id>/<number:position>/answer", links.answer, name="answer-link"),
    path("codes", codes.codes, name="codes"),
    path("codes/<notice:notice_id>/<number:number>/start", codes.start, name="start-code"),
    path("codes/<notice:notice_id>/<number:number>/end", codes.end, name="end-code"),
    path("clocks", walls.clocks, name="clocks"),
    path("alarms", walls.alarms, name="alarms"),
    path("alarms/<number:alarm>/take-up", walls.take_up, name="take-up"),
    path("banks", banks.banks, name="banks"),
    path("bank-acts", bank_acts.acts, name="bank-acts"),
    path("new-bank", banks.make, name="new-bank"),
    path("banks/<bank:name>", banks.bank, name="bank"),
    path("banks/<bank:name>/change", banks.change, name="change-bank"),
    path("banks/<bank:name>/items/<number:item>/confirm", banks.confirm, name="confirm-item"),
    path("banks/<bank:name>/items/<number:item>/disable", banks.disable, name="disable-item"),
    path("banks/<bank:name>/items/<number:item>/enable", banks.enable, name="enable-item"),
    path("referrals", referrals.referrals, name="referrals"),
    path("referrals/<notice:notice_id>", referrals.referral, name="referral"),
    path("referrals/<notice:notice_id>/ask", referrals.ask, name="ask-referral"),
    path("referrals/<notice:notice_id>/told", referrals.told, name="police-told"),
    path("referrals/<notice:notice_id>/not-told", referrals.not_told, name="police-not-told"),
    path("officials", senders.senders, name="senders"),
    path("officials/<notice:notice_id>", senders.sender, name="sender"),
    path("officials/<notice:notice_id>/link", senders.give_link, name="give-office-link"),
    path("officials/<notice:notice_id>/call", senders.record_call, name="record-office-call"),
    path("officials/<notice:notice_id>/aside", senders.set_aside, name="set-office-aside"),
    path("offices", offices.every, name="offices"),
    path("offices/add", offices.add, name="add-office"),
    path("offices/<office:office>/contacts", offices.add_contact, name="add-office-contact"),
    path("office-contacts/<contact:contact>/confirm", offices.confirm_contact, name="confirm-office-contact"),
    path("office-contacts/<contact:contact>/retire", offices.retire_contact, name="retire-office-contact"),
    path("report-as-staff", reporting.report_as_staff, name="report-as-staff"),
    path("staff", staff.staff, name="staff"),
    path("staff/enrol", staff.enrol, name="enrol"),
    path("staff/<staff:person>/approve", staff.approve, name="approve"),
    path("staff/<staff:person>/deactivate", staff.deactivate, name="deactivate"),
]

handler400 = errors.not_understood
handler403 = errors.not_allowed
handler404 = errors.not_here
handler500 = errors.broken
