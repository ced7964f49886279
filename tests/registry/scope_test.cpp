// A query without a scope does not compile, and there is no scope by default: stated once here, so
// that a new overload cannot open a way around. Out of scope equals absent.
#include <catch2/catch.hpp>

#include <type_traits>

#include "registry/domain/person.h"
#include "registry/storage/account_store.h"
#include "registry/storage/privacy_stores.h"
#include "registry/storage/record_store.h"
#include "registry/storage/trail_stores.h"

using namespace chucai;

namespace {

template <class Store>
concept LoadsWithoutScope = requires(const Store& store, Connection& db, const RecordType& type,
                                     std::int64_t id) {
  store.load(db, type, id);
}
|| requires(const Store& store, Connection& db, Id<Person> id) {
  store.get(db, id);
};

template <class Store>
concept FindsWithoutScope = requires(const Store& store, Connection& db, const RecordType& type,
                                     std::string_view text) {
  store.load_by_key(db, type, text);
}
|| requires(const Store& store, Connection& db, const RecordType& type, std::string_view text) {
  store.load_by_identity(db, type, text);
}
|| requires(const Store& store, Connection& db, const RecordType& type, std::string_view text) {
  store.named(db, type, text);
};

template <class Store>
concept ListsWithoutScope = requires(const Store& store, Connection& db, const RecordType& type,
                                     PageRequest page) {
  store.page(db, type, page);
}
|| requires(const Store& store, Connection& db, const RecordType& type) {
  store.count(db, type);
};

template <class Store>
concept OpensWithoutScope = requires(const Store& store, Connection& db, const RecordType& type,
                                     std::int64_t id) {
  store.reveal(db, type, id);
};

static_assert(!LoadsWithoutScope<RecordStore>);
static_assert(!FindsWithoutScope<RecordStore>);
static_assert(!ListsWithoutScope<RecordStore>);
static_assert(!OpensWithoutScope<RecordStore>);
static_assert(!std::is_default_constructible_v<Scope>);
static_assert(!std::is_convertible_v<std::string, Scope>);
static_assert(!std::is_invocable_v<decltype(load_plan), Connection&, std::int64_t>);
static_assert(!std::is_invocable_v<decltype(list_plans), Connection&>);
static_assert(!std::is_invocable_v<decltype(list_batches), Connection&>);
static_assert(!std::is_invocable_v<decltype(load_export), Connection&, std::int64_t>);
static_assert(!std::is_invocable_v<decltype(list_exports), Connection&>);
static_assert(!std::is_invocable_v<decltype(load_account), Connection&, std::int64_t>);

}  // namespace

TEST_CASE("roles without a grant may do nothing", "[scope]") {
  for (const auto permission :
       {Permission::Read, Permission::Register, Permission::Publish, Permission::Import,
        Permission::Plan, Permission::Adopt, Permission::ManagePrograms, Permission::ManageAccounts,
        Permission::Reveal, Permission::ExportUnmasked, Permission::ApproveExport,
        Permission::ManageRights, Permission::Operate, Permission::Audit}) {
    CHECK_FALSE(allows({"x", "king", "420000"}, permission));
    CHECK_FALSE(allows({"x", "", "420000"}, permission));
    CHECK(allows(local_operator("x"), permission));
  }
  CHECK_FALSE(allows({"x", "auditor", "420000"}, Permission::Reveal));
  CHECK_FALSE(allows({"x", "registrar", "420000"}, Permission::ApproveExport));
}
