"""The pages behind the links of messages: they show the file and ask; only POST acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from ioc.alerts.answers.by_link import ByLink, LinkPage
from ioc.alerts.answers.given import check_answer
from ioc.alerts.answers.html import STYLE, Answering, render_page
from ioc.alerts.answers.http import is_same_origin, one, page, read_form
from ioc.alerts.answers.refusals import DEAD_CODES, RETRY_SECONDS, said
from ioc.alerts.messages.wording import answered, headline
from ioc.alerts.notice import AnswerKind
from schemas.answer_texts import AnswerText
from schemas.calendar.local_time import date_of_day, local_day
from schemas.errors import FatalError, RejectError, RetryError

_FIELDS = ("kind", "cause", "note", "expected_on")


@dataclass(frozen=True)
class LinkPages:
    """Handlers of `/a/{token}`. GET and HEAD change nothing, whoever follows the link."""

    by_link: ByLink
    public_url: str
    language: str
    now_ms: Callable[[], int]

    async def show(self, request: Request) -> Response:
        """Show what the link is about, with the form."""
        try:
            found = await self.by_link.open(request.path_params["token"], self._now())
        except RejectError as error:
            return self._dead(error)
        except (RetryError, FatalError):
            return self._away()
        if found.is_used:
            return self._used(found)
        return self._form(found)

    async def act(self, request: Request) -> Response:
        """Store what the form says."""
        if not is_same_origin(request.headers, self.public_url):
            refusal = AnswerText.NOT_FROM_HERE.in_language(self.language)
            return self._page(self.language, refusal, error=refusal, status=403)
        found: LinkPage | None = None
        form: dict[str, list[str]] = {}
        try:
            found = await self.by_link.open(request.path_params["token"], self._now())
            form = await read_form(request)
            today = date_of_day(local_day(self._now()))
            given = check_answer(one(form, *_FIELDS), today)
            chosen = form.get("alert", [])
            count = await self.by_link.answer(found, chosen, given, self.now_ms())
        except RejectError as error:
            if found is None:
                return self._dead(error)
            if error.code in DEAD_CODES:
                return self._used(found)
            return self._form(found, said(error, found.language, 0), form, error.field)
        except (RetryError, FatalError):
            return self._away()
        text = (
            AnswerText.RECORDED_ACKNOWLEDGED
            if given.kind is AnswerKind.ACKNOWLEDGED
            else AnswerText.RECORDED_EXPLAINED
        )
        title = AnswerText.RECORDED.in_language(found.language)
        return self._page(found.language, title, done=text.in_language(found.language, n=count))

    def _form(
        self,
        found: LinkPage,
        error: str = "",
        form: dict[str, list[str]] | None = None,
        wrong_field: str = "",
    ) -> Response:
        language = found.language
        answering = Answering(
            alerts=found.alerts,
            settled=found.settled,
            mine=_mine(found),
            more=found.more,
            role=found.ticket.role,
            person=found.ticket.person,
            today=date_of_day(local_day(self._now())),
            form=form or {},
            wrong_field=wrong_field,
        )
        title = AnswerText.TITLE.in_language(language)
        if len(found.alerts) == 1 and not found.settled:
            title = headline(found.alerts[0].item, language)
        return self._page(
            language, title, error=error, answering=answering, status=422 if error else 200
        )

    def _used(self, found: LinkPage) -> Response:
        language = found.language
        return self._page(
            language,
            AnswerText.DEAD_LINK.in_language(language),
            hint=AnswerText.DEAD_LINK_HINT.in_language(language),
            mine=_mine(found),
            status=410,
        )

    def _dead(self, error: RejectError) -> Response:
        return self._page(
            self.language,
            AnswerText.DEAD_LINK.in_language(self.language),
            hint=AnswerText.DEAD_LINK_HINT.in_language(self.language),
            status=404 if error.code == "bad_link" else 410,
        )

    def _away(self) -> Response:
        text = AnswerText.NOT_STORED.in_language(self.language, n=RETRY_SECONDS)
        return self._page(
            self.language, text, error=text, status=503, headers={"Retry-After": str(RETRY_SECONDS)}
        )

    def _page(
        self,
        language: str,
        title: str,
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        **content: object,
    ) -> Response:
        html = render_page(language, title, "page.html", **content)
        return page(html, STYLE, status, **(headers or {}))

    def _now(self) -> int:
        return self.now_ms() // 1000


def _mine(found: LinkPage) -> tuple[str, ...]:
    return tuple(
        f"{view.item.dossier_id or view.item.unit_name}: {answered(line, found.language)}"
        for view, line in found.mine
    )
