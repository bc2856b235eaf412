"""Who may judge a case, and whether enough of them are there."""

from amparo.cases.actor import Staffing, Voter
from amparo.cases.case import Case, Round
from amparo.cases.case_events import PeopleLacking
from amparo.cases.facts import Facts
from amparo.cases.refs import StaffId
from amparo.cases.refused import Refused
from amparo.cases.stages.draft import Draft
from amparo.cases.words import Alarm
from amparo.policies.policy import Policy


def check_people(draft: Draft) -> None:
    """Say so, and call a lead, where too few eligible people are left to refuse any open ground."""
    round_ = draft.case.round
    if round_ is not None and not round_.lacks_people and lacks_people(draft.case, draft.facts):
        draft.add(PeopleLacking(round_.number))
        draft.alarm(Alarm.NOT_ENOUGH_PEOPLE)


def lacks_people(case: Case, facts: Facts) -> bool:
    """Whether too few eligible people are there today to refuse every open ground of a case."""
    return case.round is not None and any(
        _lacks_people(case, case.round, facts.staffing, facts.policies.get(g.policy)) for g in case.open_grounds
    )


def _lacks_people(case: Case, round_: Round, staffing: Staffing, policy: Policy) -> bool:
    votes = [vote for vote in round_.votes if policy.ref in vote.policies]
    voted = {vote.voter for vote in votes}
    left = [
        v
        for v in staffing.voters
        if v.is_approved and v.id not in voted | round_.excluded and not _is_their_own(case, v)
    ]
    needs_lead = policy.keep.one_of_lead and not any(vote.is_lead for vote in votes)
    return len(votes) + len(left) < policy.keep.people or (needs_lead and not any(v.is_lead for v in left))


def _is_their_own(case: Case, voter: Voter) -> bool:
    return case.owner in voter.accounts or voter.id in case.reported_by


def refuse_their_own(draft: Draft, voter: Voter) -> None:
    """Raise Refused where somebody posted or reported the subject: nobody judges their own."""
    if _is_their_own(draft.case, voter):
        raise Refused("not_your_own", "You posted or reported this yourself. Somebody else has to decide.")


def voter_of(draft: Draft, staff: StaffId) -> Voter:
    """Return a member of staff as a voter. Raises Refused for anybody else."""
    voter = draft.facts.staffing.find(staff)
    if voter is None:
        raise Refused("not_a_reviewer", "Only reviewers and leads decide. Ask an admin for the role.")
    return voter
