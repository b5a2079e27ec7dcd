-- name: directory_region_list
-- → id, code, name, short name, code of the region above, level, valid from, valid to
SELECT id, code, name, short_name, parent, level, valid_from, valid_to FROM region
ORDER BY code, COALESCE(valid_from, ''), id;

-- name: directory_unit_list
-- → id, code, name, short name, aliases parted by ;, kind, region, code of the unit above, valid from,
-- valid to, what goes before the numbers of its documents
SELECT id, code, name, short_name, aliases, kind, region, parent, valid_from, valid_to, mark
FROM unit ORDER BY code;

-- name: directory_person_list
-- → id, name, phone, account or null, login, platform post, state of the account
SELECT person.id, person.name, person.phone, account.id, account.login, account.platform,
    account.state
FROM person LEFT JOIN account ON account.person = person.id ORDER BY person.id, account.id;

-- name: directory_post_list
-- → id, person, unit, post, rank, valid from, valid to
SELECT id, person, unit, post, rank, valid_from, valid_to FROM post ORDER BY person, id;
