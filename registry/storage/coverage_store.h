// Reads what the coverage rules need, and no more: narrow rows without personal data, in order of
// id, of the whole register. Each function reads one record, or with `id` 0 all of its type.
#pragma once

#include <functional>
#include <string_view>

#include "registry/domain/coverage_facts.h"
#include "registry/storage/database.h"

namespace chucai {

template <class Row>
using FactVisit = std::function<void(Row&&)>;

void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Program>& visit);
void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Person>& visit);
void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Organization>& visit);
void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Participation>& visit);
void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Need>& visit);
void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Engagement>& visit);
void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Round>& visit);
void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Target>& visit);
void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::FundEntry>& visit);
void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Project>& visit);
void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Assessment>& visit);
void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Link>& visit);
void read_facts(Connection& db, std::int64_t id, const FactVisit<fact::Document>& visit);

/// Ids of the engagements of a need.
std::vector<std::int64_t> engagements_of(Connection& db, std::int64_t need);

/// The status log of a record type, or of one of its records. By record; of one record's entries
/// the one that counts last comes last.
void read_status_log(Connection& db, std::string_view record_type, std::int64_t id,
                     const FactVisit<fact::StatusEntry>& visit);

}  // namespace chucai
