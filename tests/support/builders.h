// Valid drafts to start a test from. Every person is invented; the identity numbers are synthetic
// ones with a right check digit.
#pragma once

#include <string>

#include "registry/domain/need.h"
#include "registry/domain/person.h"

namespace chucai::testing {

inline Person a_person(const std::string& name, const std::string& id_no) {
  Person person;
  person.name = name;
  person.id_no = id_no;
  person.region = "420106";
  person.employer = "武昌区农业技术推广中心";
  person.status = "active";
  person.roles = {"talent"};
  return person;
}

inline Need a_need(const std::string& number) {
  Need need;
  need.number = number;
  need.requester = "宣恩县农业局";
  need.name = "茶叶病害防治";
  need.region = "422825";
  need.headcount = 2;
  return need;
}

}  // namespace chucai::testing
