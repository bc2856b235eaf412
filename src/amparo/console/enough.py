"""Whether enough people are there to refuse: from who is on the staff, never from who has voted.

A count of those who have not voted yet would tell the second voter of the first one's vote. So this says the same
before and after a vote.
"""

from amparo.cases.actor import Staffing, Voter
from amparo.cases.case import Case
from amparo.policies.policy import Policy, PolicyBook

_TOO_FEW = "Not enough people: keeping something up takes two people whose enrolment is approved."
_NO_LEAD = "Not enough people: about a child, one of the two who keep something up has to be a lead."


def of_staff(staffing: Staffing) -> tuple[str, ...]:
    """Return what nobody can decide with these people, as sentences; none where there are enough."""
    approved = [voter for voter in staffing.voters if voter.is_approved]
    if len(approved) < 2:
        return (_TOO_FEW,)
    return () if any(voter.is_lead for voter in approved) else (_NO_LEAD,)


def of_case(case: Case, policies: PolicyBook, staffing: Staffing) -> tuple[str, ...]:
    """Return what cannot be decided in this case with these people; none where there are enough."""
    if case.round is None:
        return ()
    able = [voter for voter in staffing.voters if _may_keep(case, voter)]
    open_policies = [policies.get(ground.policy) for ground in case.open_grounds]
    if any(len(able) < policy.keep.people for policy in open_policies):
        return (_TOO_FEW,)
    has_lead = any(voter.is_lead for voter in able)
    return (_NO_LEAD,) if any(_needs_lead(policy) for policy in open_policies) and not has_lead else ()


def _may_keep(case: Case, voter: Voter) -> bool:
    is_own = case.owner in voter.accounts or voter.id in case.reported_by
    is_excluded = case.round is not None and voter.id in case.round.excluded
    return voter.is_approved and not is_own and not is_excluded


def _needs_lead(policy: Policy) -> bool:
    return policy.keep.one_of_lead
