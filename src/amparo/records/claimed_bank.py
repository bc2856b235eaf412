"""The bank `claimed`: the codes of claimed pictures, as something that can be found. Filled by workers alone.

It hides at most, and no hand changes it. An item is one claim's, for as long as the claim works.
"""

from datetime import datetime

from django.db import transaction

from amparo.cases.refs import ClaimId
from amparo.records import bank_searches, models, picture_claims, shelves
from amparo.records.bank_values import CLAIMED as CLAIMED
from amparo.records.bank_values import Item as Item
from amparo.records.bank_values import May, Source
from amparo.records.item_columns import columns_of

_SAID = {
    "source": "Codes that people made of pictures on their own devices",
    "confirmed_by": "nobody: a person looks at each hit",
    "may": May.HIDE.value,
}


def follow(claim: ClaimId, now: datetime) -> bool:
    """Bring the bank to what the claim says now; return whether it is found from now on. May be repeated.

    What was shown before is sought for a code that comes in.
    """
    with transaction.atomic():
        row = picture_claims.row_of(claim)
        items = models.BankItem.objects.filter(bank__name=CLAIMED, added_by=claim)
        if row is None or not row.works:
            items.delete()
            return False
        if items.exists():
            return True
        bank, _ = models.Bank.objects.get_or_create(name=CLAIMED, defaults={**_SAID, "made_at": now})
        item = models.BankItem.objects.create(
            bank=bank,
            source=Source.CLAIM.value,
            added_by=claim,
            metadata={"claim": claim, "notice": row.notice, "radius": row.radius},
            **columns_of({"pdq": f"{row.pdq}@{row.pipeline}"}),
        )
        bank_searches.ask_for_item(item)
        shelves.tell()
        return True
