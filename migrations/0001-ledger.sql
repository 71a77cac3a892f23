-- The ledger (docs/ledger-format.md). Entries are only ever added: grants and triggers refuse everything else, and what
-- somebody with more power does all the same, `writkeeper ledger verify` finds.

do $$
begin
  create role writkeeper_app nologin;
exception
  -- Roles belong to the whole server: another database, or another start at the same moment, has made it.
  when duplicate_object or unique_violation then null;
end
$$;

grant writkeeper_app to current_user;

create table log (
  agency text primary key,
  origin text not null unique,
  size bigint not null check (size >= 0),
  root bytea not null check (octet_length(root) = 32),
  -- The hashes of the full subtrees, the largest first: what the next append needs to know.
  peaks bytea not null check (octet_length(peaks) % 32 = 0),
  -- The day of the last entry; no time in the clear (docs/adr/0013). A text, since drivers read a date in a zone of theirs.
  recorded_on text not null check (recorded_on ~ '^\d{4}-\d\d-\d\d$'),
  checkpoint text not null
);

-- No foreign key on what every append writes: one statement writes them all together, `ledger verify` holds them against
-- each other, and a key would cost each append more than the disk does.
create table entry (
  agency text not null,
  sequence bigint not null check (sequence >= 0),
  type text not null,
  subject bytea not null check (octet_length(subject) = 16),
  request uuid not null,
  envelope bytea not null,
  leaf_hash bytea not null check (octet_length(leaf_hash) = 32),
  primary key (agency, sequence),
  constraint entry_request unique (agency, request)
);
create index entry_subject on entry (agency, subject, sequence);

-- The personal part, encrypted, beside the tree: gone once a court has it expunged.
create table content (
  agency text not null,
  sequence bigint not null,
  subject bytea not null,
  ciphertext bytea not null,
  primary key (agency, sequence)
);

-- Roots of full tiles of 256: level 1 over entries, level 2 over level 1 (C2SP tlog-tiles).
create table tile_root (
  agency text not null references log,
  level smallint not null check (level >= 1),
  index bigint not null check (index >= 0),
  hash bytea not null check (octet_length(hash) = 32),
  primary key (agency, level, index)
);

-- Every checkpoint that was ever signed: an entry is acknowledged once it is under one.
create table checkpoint (
  agency text not null,
  size bigint not null check (size >= 0),
  note text not null,
  primary key (agency, size)
);

-- What witnesses have cosigned.
create table cosignature (
  agency text not null references log,
  size bigint not null,
  witness text not null,
  line text not null,
  primary key (agency, size, witness)
);

-- The projection: what the entries on a subject come to. Of the state only the last entries are in the clear, and what
-- became of one that is sealed or expunged; the rest is encrypted under the subject's key. Thrown away and worked out at will.
create table subject_state (
  agency text not null,
  subject bytea not null check (octet_length(subject) = 16),
  last_sequence bigint not null,
  state jsonb not null,
  primary key (agency, subject)
);

-- A hold ends once, whatever the isolation level and however many instances write.
create table hold_end (
  agency text not null,
  hold bigint not null,
  sequence bigint not null,
  primary key (agency, hold),
  foreign key (agency, hold) references entry,
  foreign key (agency, sequence) references entry
);

-- A sealed subject's key, encrypted to the court's.
create table sealed_key (
  agency text not null,
  subject bytea not null,
  sequence bigint not null,
  sealed bytea not null,
  primary key (agency, subject),
  foreign key (agency, sequence) references entry
);

-- A subject whose content a court had expunged: the only one whose content may be deleted.
create table tombstone (
  agency text not null,
  subject bytea not null,
  sequence bigint not null,
  primary key (agency, subject),
  foreign key (agency, sequence) references entry
);

-- What others still have to be told.
create table outbox (
  id bigint generated always as identity primary key,
  agency text not null,
  sequence bigint not null,
  type text not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger only grows: % of % is refused', lower(tg_op), tg_table_name
    using errcode = 'WK001', hint = 'A correction is a new entry.';
end
$$;

create function refuse_shrinking() returns trigger language plpgsql as $$
begin
  if new.agency <> old.agency or new.size <= old.size then
    raise exception 'the ledger only grows: % entries cannot become %', old.size, new.size using errcode = 'WK001';
  end if;
  return new;
end
$$;

create function refuse_unless_expunged() returns trigger language plpgsql as $$
begin
  if exists (select from tombstone t where t.agency = old.agency and t.subject = old.subject) then
    return old;
  end if;
  raise exception 'content goes by a court''s order and not otherwise: entry % has no tombstone', old.sequence
    using errcode = 'WK001';
end
$$;

create trigger only_grows before update or delete on entry for each row execute function refuse_change();
create trigger only_grows before update or delete on tile_root for each row execute function refuse_change();
create trigger only_grows before update or delete on checkpoint for each row execute function refuse_change();
create trigger only_grows before update or delete on cosignature for each row execute function refuse_change();
create trigger only_grows before update or delete on hold_end for each row execute function refuse_change();
create trigger only_grows before update or delete on tombstone for each row execute function refuse_change();
create trigger only_grows before update on content for each row execute function refuse_change();
create trigger by_order_only before delete on content for each row execute function refuse_unless_expunged();
create trigger only_grows before update on log for each row execute function refuse_shrinking();
create trigger never_deleted before delete on log for each row execute function refuse_change();

create trigger never_emptied before truncate on entry for each statement execute function refuse_change();
create trigger never_emptied before truncate on tile_root for each statement execute function refuse_change();
create trigger never_emptied before truncate on checkpoint for each statement execute function refuse_change();
create trigger never_emptied before truncate on cosignature for each statement execute function refuse_change();
create trigger never_emptied before truncate on hold_end for each statement execute function refuse_change();
create trigger never_emptied before truncate on tombstone for each statement execute function refuse_change();
create trigger never_emptied before truncate on content for each statement execute function refuse_change();
create trigger never_emptied before truncate on log for each statement execute function refuse_change();

grant select, insert on entry, content, tile_root, checkpoint, cosignature, hold_end, tombstone to writkeeper_app;
grant select, insert, update on log to writkeeper_app;
grant select, insert, update, delete on subject_state, sealed_key to writkeeper_app;
grant select, insert, delete on outbox to writkeeper_app;
grant delete on content to writkeeper_app;
