-- What must never be found. Each query gives one row per breach: its name and the case, notice or object it is about.
-- Run after every test of the records, after every crash in the long programme, and each minute by a worker.

-- An open case or notice always has a running clock.
SELECT 'open case without a clock', c.id FROM records_case c
 WHERE c.is_open AND c.state IS NOT NULL AND NOT EXISTS (SELECT 1 FROM records_clock k WHERE k.aggregate = c.id)
UNION ALL
SELECT 'open notice without a clock', n.id FROM records_notice n
 WHERE n.is_open AND NOT EXISTS (SELECT 1 FROM records_clock k WHERE k.aggregate = n.id)

-- Whether the police are told is asked under a clock until a person has answered.
UNION ALL
SELECT 'open referral without a clock', n.id FROM records_notice n, jsonb_array_elements(n.state -> 'referrals') r
 WHERE n.is_open AND r ->> 'refers' IS NULL
   AND NOT EXISTS (SELECT 1 FROM records_clock k WHERE k.aggregate = n.id AND k.name = 'referral')

-- Clock rows are the running clocks of the state, no more and no fewer.
UNION ALL
SELECT 'clock rows differ from the state', s.id FROM (
  SELECT id, state FROM records_case WHERE state IS NOT NULL UNION ALL SELECT id, state FROM records_notice) s
 WHERE (SELECT count(*) FROM records_clock k WHERE k.aggregate = s.id) <> jsonb_array_length(s.state -> 'clocks')

-- Events stand in their places without gaps, and the row has taken all of them in.
UNION ALL
SELECT 'events and row differ', s.id FROM (
  SELECT id, seq FROM records_case WHERE state IS NOT NULL UNION ALL SELECT id, seq FROM records_notice) s
 WHERE s.seq <> (SELECT count(*) FROM records_event e WHERE e.aggregate = s.id)
    OR s.seq <> (SELECT coalesce(max(e.seq), 0) FROM records_event e WHERE e.aggregate = s.id)

-- Whatever was taken in under a key has its notice, and every notice's placed link its case.
UNION ALL
SELECT 'acknowledged report lost', i.notice FROM records_intake i
 WHERE NOT EXISTS (SELECT 1 FROM records_notice n WHERE n.id = i.notice AND n.state IS NOT NULL)
UNION ALL
SELECT 'placed link without a case', n.id FROM records_notice n, jsonb_array_elements(n.state -> 'links') link
 WHERE link ->> 'case' IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM records_casenotice cn WHERE cn.case = link ->> 'case' AND cn.notice = n.id)

-- A wanted state that was not seen yet has an order waiting to bring it about, and only one.
UNION ALL
SELECT 'wanted state without an order', c.id FROM records_case c
 WHERE c.state ->> 'is_confirmed' = 'false' AND c.is_open
   AND NOT EXISTS (SELECT 1 FROM records_effect e WHERE e.aggregate = c.id AND (e.done_at IS NULL OR e.outcome = 'unknown_subject')
                    AND e.name IN ('hide', 'remove', 'restore', 'suspend', 'enforce'))
UNION ALL
SELECT 'two orders at once', e.aggregate FROM records_effect e
 WHERE e.done_at IS NULL AND e.name IN ('hide', 'remove', 'restore', 'suspend', 'enforce')
 GROUP BY e.aggregate HAVING count(*) > 1

-- Keeping sexual imagery up took two different people (lane 1 and 2 are the adult and the child lane).
UNION ALL
SELECT 'refused by fewer than two', e.aggregate FROM records_event e
  JOIN records_event g ON g.aggregate = e.aggregate AND g.type IN ('GroundRaised', 'GroundMatched') AND (g.body ->> 'lane')::int > 0
   AND e.body -> 'policies' ? (g.body ->> 'policy')
 WHERE e.type = 'KeepDecided'
   AND (SELECT count(DISTINCT voter) FROM jsonb_array_elements_text(e.body -> 'by') voter) < 2

-- A round is open exactly while a ground is.
UNION ALL
SELECT 'round without an open ground', c.id FROM records_case c
 WHERE c.state IS NOT NULL
   AND (c.round IS NOT NULL) <> EXISTS (SELECT 1 FROM jsonb_array_elements(c.state -> 'grounds') g
                                         WHERE g ->> 'status' = 'open')

-- What a certificate says is gone was seen away, and is still to be.
UNION ALL
SELECT 'certified without being seen gone', c.notice FROM records_certificate c, jsonb_array_elements_text(c.gone) g
 WHERE c.due_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM records_case s WHERE s.id = g AND s.state ->> 'gone_at' IS NOT NULL
                    AND s.state ->> 'wanted' = 'removed')
   AND NOT EXISTS (SELECT 1 FROM records_effect e WHERE e.aggregate = g AND e.name = 'certify' AND e.done_at IS NULL)

-- "Hidden" and "gone" were told only after the page had been seen so.
UNION ALL
SELECT 'told before it was seen', e.aggregate FROM records_event e
 WHERE e.type = 'ReportersTold' AND e.body ->> 'what' IN ('hidden', 'gone')
   AND NOT EXISTS (SELECT 1 FROM records_event o WHERE o.aggregate = e.aggregate AND o.seq < e.seq
                    AND o.type = 'Observed' AND o.body ->> 'confirms' = 'true')
