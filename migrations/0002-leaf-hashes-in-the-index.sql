-- A proof reads the hashes of 256 entries: from the index alone, and not from as many rows of a table thirty times as large.

alter table hold_end drop constraint hold_end_agency_hold_fkey, drop constraint hold_end_agency_sequence_fkey;
alter table sealed_key drop constraint sealed_key_agency_sequence_fkey;
alter table tombstone drop constraint tombstone_agency_sequence_fkey;

alter table entry
  drop constraint entry_pkey,
  add constraint entry_pkey primary key (agency, sequence) include (leaf_hash);

alter table hold_end
  add constraint hold_end_agency_hold_fkey foreign key (agency, hold) references entry (agency, sequence),
  add constraint hold_end_agency_sequence_fkey foreign key (agency, sequence) references entry (agency, sequence);
alter table sealed_key
  add constraint sealed_key_agency_sequence_fkey foreign key (agency, sequence) references entry (agency, sequence);
alter table tombstone
  add constraint tombstone_agency_sequence_fkey foreign key (agency, sequence) references entry (agency, sequence);
