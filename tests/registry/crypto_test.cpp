#include "registry/storage/crypto.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <set>

#include "tests/support/outcomes.h"
#include "tests/support/temp_folder.h"

using namespace chucai;
using namespace chucai::testing;

namespace {

/// HMAC fills a short key with zeros up to its block, so a shorter key of RFC 4231 is this one.
SecretKey key_of(std::string bytes) {
  bytes.resize(32);
  return SecretKey(bytes);
}

SecretKey counting_key() {
  std::string bytes;
  for (char i = 0; i < 32; ++i) bytes += i;
  return SecretKey(bytes);
}

}  // namespace

TEST_CASE("SHA-256 gives the digests of FIPS 180-4", "[storage]") {
  CHECK(to_hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_hex(sha256("abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(sha256(std::string(1'000'000, 'a'))) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("HMAC-SHA256 gives the codes of RFC 4231", "[storage]") {
  CHECK(to_hex(hmac_sha256(key_of(std::string(20, '\x0b')), "Hi There")) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(to_hex(hmac_sha256(key_of("Jefe"), "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(to_hex(hmac_sha256(key_of(std::string(20, '\xaa')), std::string(50, '\xdd'))) ==
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
}

TEST_CASE("keys for different purposes differ and stay the same from release to release",
          "[storage]") {
  // Computed apart, with Python's hmac: HKDF of RFC 5869, zero salt, info "chucai/1/index".
  CHECK(to_hex(derive_key(counting_key(), "index").bytes()) ==
        "892171a15236609ddc9f0339c044e9893a3a2d9350eb48de4592e11753a41326");
  CHECK(derive_key(counting_key(), "audit").bytes() != derive_key(counting_key(), "index").bytes());
}

TEST_CASE("what is sealed opens with the same key and binding only", "[storage]") {
  const SecretKey key = counting_key();
  for (const std::string& plain :
       {std::string(), std::string("42010619900101001X"), std::string(100'000, '\0')}) {
    const std::string sealed = seal(key, plain, "person|id_no|7");
    CHECK(sealed.size() == plain.size() + 28);
    const auto opened = open_sealed(key, sealed, "person|id_no|7");
    REQUIRE(opened);
    CHECK(*opened == plain);
    CHECK(reason(open_sealed(key, sealed, "person|id_no|8")) == "crypto.open");
    CHECK(reason(open_sealed(key, sealed, "")) == "crypto.open");
    CHECK(reason(open_sealed(SecretKey(), sealed, "person|id_no|7")) == "crypto.open");
  }
  CHECK(open_sealed(key, seal(key, "x", ""), "").value() == "x");
}

TEST_CASE("every changed bit of a sealed value is noticed", "[storage]") {
  const SecretKey key = counting_key();
  const std::string sealed = seal(key, "secret", "binding");
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    CHECK(reason(open_sealed(key, changed, "binding")) == "crypto.open");
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    CHECK(reason(open_sealed(key, sealed.substr(0, size), "binding")) == "crypto.open");
  }
}

TEST_CASE("AES-256-GCM opens a vector of NIST", "[storage]") {
  // gcmEncryptExtIV256, the test case of McGrew and Viega's paper with 256-bit key, AAD and
  // 60 bytes of text (test case 16).
  const SecretKey key(from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
  const std::string sealed = from_hex(
      "cafebabefacedbaddecaf888"
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
      "76fc6ece0f4e1768cddf8853bb2d551b");
  const auto plain = open_sealed(key, sealed, from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"));
  REQUIRE(plain);
  CHECK(to_hex(*plain) ==
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
}

TEST_CASE("no two seals of one text are alike", "[storage]") {
  std::set<std::string> sealed;
  for (int i = 0; i < 1000; ++i) sealed.insert(seal(counting_key(), "same", "same"));
  CHECK(sealed.size() == 1000);
}

TEST_CASE("secrets compare and hexadecimal reads back", "[storage]") {
  CHECK(same_secret("token", "token"));
  CHECK(same_secret("", ""));
  CHECK_FALSE(same_secret("token", "tokem"));
  CHECK_FALSE(same_secret("token", "token1"));
  CHECK(from_hex(to_hex("\x01\x7f\xff")) == "\x01\x7f\xff");
  CHECK(from_hex("0AfF") == "\x0a\xff");
  CHECK(from_hex("abc").empty());
  CHECK(from_hex("zz").empty());
  CHECK_THROWS_AS(SecretKey("short"), std::invalid_argument);
}

TEST_CASE("a master key is created once, private, and loads again", "[storage]") {
  const TempFolder folder;
  const std::string path = folder.file("master.key");
  CHECK(reason(load_master_keys(path)) == "key.missing");
  const auto key = create_master_keys(path);
  REQUIRE(key);
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);

  const auto loaded = load_master_keys(path);
  REQUIRE(loaded);
  CHECK(loaded->current.bytes() == key->current.bytes());
  CHECK(reason(create_master_keys(path)) == "key.exists");
  CHECK(load_master_keys(path).value().current.bytes() == key->current.bytes());
  CHECK(reason(create_master_keys(folder.file("absent/key"))) == "key.write");
}

TEST_CASE("a master key that others can read, or that is no key, is refused", "[storage]") {
  const TempFolder folder;
  const std::string path = folder.file("master.key");
  REQUIRE(create_master_keys(path));
  for (const mode_t mode : {0640u, 0604u, 0660u}) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    CHECK(reason(load_master_keys(path)) == "key.mode");
  }
  REQUIRE(::chmod(path.c_str(), 0600) == 0);
  CHECK(reason(load_master_keys(folder.path().string())) == "key.mode");
  const std::string digits(64, 'a');
  for (const std::string& text : {std::string(), digits.substr(1), digits + "a", digits + "\n\n",
                                  "x" + digits.substr(1), digits + " "}) {
    std::ofstream(path, std::ios::trunc) << text;
    INFO(text);
    CHECK(reason(load_master_keys(path)) == "key.malformed");
  }
  std::ofstream(path, std::ios::trunc) << digits << '\n';
  CHECK(load_master_keys(path));
}
