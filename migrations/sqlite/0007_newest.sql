-- The row of an opportunity keeps of its newest decision what lists show: the decision itself, without where and when, which are
-- columns of `decisions`. A list reads fifty of them at once.
UPDATE opportunities SET decision = json_extract(decision, '$.decision') WHERE decision IS NOT NULL;
