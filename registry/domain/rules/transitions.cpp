#include "registry/domain/rules/transitions.h"

#include <algorithm>

namespace chucai {
namespace {

constexpr Transition kPerson[] = {
    {"draft", "submitted"},  {"submitted", "returned"}, {"returned", "submitted"},
    {"submitted", "active"}, {"draft", "active"},       {"active", "suspended"},
    {"suspended", "active"}, {"active", "exited"},      {"suspended", "exited"},
    {"exited", "active"},    {"exited", "archived"},    {"active", "archived"},
    {"archived", "active"},  {"active", "merged"},
};

constexpr Transition kNeed[] = {
    {"draft", "submitted"},        {"submitted", "accepted"},      {"accepted", "matching"},
    {"accepted", "partly_filled"}, {"accepted", "filled"},         {"matching", "partly_filled"},
    {"matching", "filled"},        {"partly_filled", "filled"},    {"filled", "partly_filled"},
    {"partly_filled", "accepted"}, {"filled", "closed"},           {"partly_filled", "closed"},
    {"draft", "cancelled"},        {"submitted", "cancelled"},     {"accepted", "cancelled"},
    {"matching", "cancelled"},     {"partly_filled", "cancelled"}, {"accepted", "expired"},
    {"matching", "expired"},       {"partly_filled", "expired"},   {"matching", "accepted"},
};

constexpr Transition kEngagement[] = {
    {"enrolled", "shortlisted"},  {"enrolled", "offered"},    {"enrolled", "rejected"},
    {"enrolled", "cancelled"},    {"shortlisted", "offered"}, {"shortlisted", "rejected"},
    {"shortlisted", "cancelled"}, {"offered", "accepted"},    {"offered", "declined"},
    {"offered", "lapsed"},        {"offered", "cancelled"},   {"accepted", "dispatched"},
    {"accepted", "cancelled"},    {"dispatched", "on_duty"},  {"dispatched", "terminated"},
    {"on_duty", "returned"},      {"on_duty", "completed"},   {"on_duty", "terminated"},
    {"returned", "completed"},    {"completed", "evaluated"},
};

constexpr Transition kParticipation[] = {
    {"nominated", "screening"},     {"applied", "screening"},     {"screening", "under_review"},
    {"under_review", "publicised"}, {"publicised", "selected"},   {"nominated", "selected"},
    {"applied", "selected"},        {"under_review", "selected"}, {"applied", "rejected"},
    {"nominated", "rejected"},      {"screening", "rejected"},    {"under_review", "rejected"},
    {"publicised", "rejected"},     {"selected", "in_post"},      {"selected", "declined"},
    {"in_post", "extended"},        {"in_post", "completed"},     {"in_post", "graduated"},
    {"extended", "completed"},      {"selected", "completed"},    {"selected", "graduated"},
    {"selected", "exit_pending"},   {"in_post", "exit_pending"},  {"extended", "exit_pending"},
    {"exit_pending", "appealed"},   {"exit_pending", "exited"},   {"appealed", "exited"},
    {"appealed", "in_post"},        {"selected", "revoked"},      {"in_post", "revoked"},
    {"eligible", "applied"},        {"applied", "approved"},      {"applied", "refused"},
    {"approved", "granted"},        {"granted", "expired"},       {"approved", "expired"},
};

}  // namespace

std::span<const Transition> transitions(std::string_view record_type) {
  if (record_type == "person") return kPerson;
  if (record_type == "need") return kNeed;
  if (record_type == "engagement") return kEngagement;
  if (record_type == "participation") return kParticipation;
  return {};
}

bool may_move(std::string_view record_type, std::string_view from, std::string_view to) {
  if (from == to) return true;
  const auto table = transitions(record_type);
  return std::any_of(table.begin(), table.end(), [&](const Transition& transition) {
    return transition.from == from && transition.to == to;
  });
}

}  // namespace chucai
