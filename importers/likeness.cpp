#include "importers/likeness.h"

#include "importers/employers.h"

namespace chucai::importers {

bool may_be_equal(Date a, Date b) {
  return a && b && a.year == b.year && (a.month == 0 || b.month == 0 || a.month == b.month) &&
         (a.day == 0 || b.day == 0 || a.day == b.day);
}

bool likely_same(const Person& a, const Person& b) {
  if (a.name != b.name || (!a.id_no.empty() && !b.id_no.empty())) return false;
  if (!a.phone.empty() && a.phone == b.phone) return true;
  if (!may_be_equal(a.birth, b.birth)) return false;
  if (a.birth.day != 0 && b.birth.day != 0) return true;
  return !a.employer.empty() && loose_name(a.employer) == loose_name(b.employer);
}

}  // namespace chucai::importers
