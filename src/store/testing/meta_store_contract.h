#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "store/meta_store.h"

namespace fansipan::store {

/// Makes an empty store; `name` becomes part of the test's name.
struct MetaStoreMaker {
  std::string name;
  std::function<std::unique_ptr<MetaStore>()> make;
};

/// What every MetaStore promises. An engine's test file has one line:
/// INSTANTIATE_TEST_SUITE_P(Engine, MetaStoreContract, testing::Values(maker), NameOfMaker);
class MetaStoreContract : public testing::TestWithParam<MetaStoreMaker> {
 protected:
  void SetUp() override;

  AccountId AddNamed(const std::string& name);

  std::unique_ptr<MetaStore> store_;
};

std::string NameOfMaker(const testing::TestParamInfo<MetaStoreMaker>& maker);

}  // namespace fansipan::store
