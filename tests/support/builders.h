// Valid drafts to start a test from. Every person is invented; the identity numbers are synthetic
// ones with a right check digit.
#pragma once

#include <string>

#include "registry/domain/need.h"
#include "registry/domain/person.h"

namespace chucai::testing {

/// A valid number of its own for each of 0 ... 11,999,999; born 1950 to 1989.
inline std::string identity_number(int person) {
  constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  const int day = person % 12'000;
  const auto padded = [](int value, std::size_t width) {
    const std::string text = std::to_string(value);
    return std::string(width - text.size(), '0') + text;
  };
  std::string number = "420106" + std::to_string(1950 + day / 300) + padded(1 + day % 300 / 25, 2) +
                       padded(1 + day % 25, 2) + padded(person / 12'000, 3);
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += (number[i] - '0') * kWeights[i];
  return number + "10X98765432"[sum % 11];
}

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
