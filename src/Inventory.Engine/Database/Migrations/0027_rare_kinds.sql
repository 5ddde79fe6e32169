-- Who asks for a SKU's corrections asks for a few rows among all of its sales. Sales and scans are not in this index and do not pay for it:
-- it holds what people, transfers, counts and deliveries did.
CREATE INDEX journal_rare_kind ON journal (stock_id, kind, version) WHERE stock_id IS NOT NULL AND kind > 6 AND (kind < 80 OR kind > 85);
