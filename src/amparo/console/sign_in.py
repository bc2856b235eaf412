"""Signing in and out, and the own password: Django's views, with attempts slowed down."""

from typing import Any

from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from amparo.console.device import device_of, remember
from amparo.console.frame import page
from amparo.console.member import member_of
from amparo.console.throttle import Throttle
from amparo.plugins import installation
from amparo.records import people
from amparo.sender import sender_of

_throttle = Throttle()


class SignIn(views.LoginView):
    """Takes a name and a password; says the same of a wrong name and a wrong password."""

    template_name = "console/sign_in.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.POST.get("username", "")
        if not _throttle.may_try(name, sender_of(request), device_of(request, name)):
            form = AuthenticationForm(request)
            return page(request, "sign_in", {"form": form, "is_throttled": True}, 429)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        name = form.cleaned_data["username"]
        _throttle.forgive(name, sender_of(self.request), device_of(self.request, name))
        response = super().form_valid(form)
        remember(response, name)
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_default_redirect_url(self) -> str:
        role = getattr(self.request.user, "role", "")
        return "/staff" if role == "admin" else "/"


class SignOut(views.LogoutView):
    """Ends the session. By POST only."""

    next_page = "/sign-in"


class Password(views.PasswordChangeView):
    """Lets a person set a password of their own; nothing else is open to them before the first time."""

    template_name = "console/password.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = people.find(member_of(self.request).id)
        is_first = person is not None and not person.has_own_password
        return super().get_context_data(is_first=is_first, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        assert isinstance(form, PasswordChangeForm)  # noqa: S101 - for the type checker: the view's own form
        super().form_valid(form)
        people.note_own_password(member_of(self.request).id, installation().casebook.now())
        return HttpResponseRedirect("/me")

    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_success_url(self) -> str:
        return "/me"
