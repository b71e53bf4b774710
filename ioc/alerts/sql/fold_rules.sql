-- Every set of rules that workers brought into force, the newest with the largest generation.
SELECT generation, fingerprint
FROM fold_rules
ORDER BY generation
