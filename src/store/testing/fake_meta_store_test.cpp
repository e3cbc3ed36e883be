#include "store/testing/fake_meta_store.h"

#include <gtest/gtest.h>

#include <memory>

#include "store/testing/meta_store_contract.h"

namespace fansipan::store {

INSTANTIATE_TEST_SUITE_P(Fake, MetaStoreContract,
                         testing::Values(MetaStoreMaker{
                             "Memory", [] { return std::make_unique<FakeMetaStore>(); }}),
                         NameOfMaker);

}  // namespace fansipan::store
