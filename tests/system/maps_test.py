"""A running center's points, read by GDAL as OGC API – Features and page by page as any client would."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.parse

import geodata_test
import harness

COLLECTIONS = "/maps/collections"
SCHOOLS = [*geodata_test.SCHOOLS, ("T/3", "03006", 421000, 2471000)]


def features_of(text, layer):
    """Of what ogrinfo tells: id -> the lines below it."""
    found = {}
    for part in re.split(r"^OGRFeature\(", text, flags=re.MULTILINE)[1:]:
        name = re.search(r"^  id \(String\) = (.*)$", part, re.MULTILINE)
        if part.startswith(layer + ")") and name:
            found[name.group(1)] = part
    return found


@unittest.skipUnless(shutil.which("ogrinfo") and shutil.which("ogr2ogr"), "needs gdal-bin")
class Maps(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="fansipan-maps-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.server = harness.Server(geodata_test.CENTER).start()
        cls.addClassCleanup(cls.server.remove)
        cls.server.sign_in()
        answer = cls.server.push("school_layer", cls.server.push_token("school_layer"), cls.geopackage(),
                                 content_type="application/geopackage+sqlite3")
        assert answer.status == 201, answer.body
        cls.server.wait_published(answer)

    @classmethod
    def geopackage(cls):
        table, path = os.path.join(cls.folder, "in.csv"), os.path.join(cls.folder, "schools.gpkg")
        with open(table, "w", encoding="utf-8") as file:
            file.write(geodata_test.table(SCHOOLS))
        subprocess.run(["ogr2ogr", "-a_srs", "EPSG:9208", "-oo", "GEOM_POSSIBLE_NAMES=geo", "-oo",
                        "KEEP_GEOM_COLUMNS=NO", "-f", "GPKG", "-nln", "truong_hoc", path, table],
                       check=True, timeout=60)
        with open(path, "rb") as file:
            return file.read()

    def ogrinfo(self, *arguments, signed_in=True):
        """What ogrinfo tells of the center's points."""
        environment = {**os.environ, "no_proxy": "127.0.0.1"}
        if signed_in:
            environment["GDAL_HTTP_HEADERS"] = "Cookie: " + self.server.cookie
        address = f"OAPIF:http://127.0.0.1:{self.server.port}/api/v1/maps"
        return subprocess.run(["ogrinfo", "-ro", "-al", *arguments, address], env=environment, timeout=120,
                              capture_output=True, text=True, check=False)

    def test_gdal_reads_units_records_and_figures(self):
        told = self.ogrinfo()
        self.assertEqual(told.returncode, 0, told.stderr)
        units = features_of(told.stdout, "units")
        self.assertEqual(set(units), {"laocai", "sapa", "banho"})
        self.assertIn("POINT (103.84 22.33)", units["sapa"])
        self.assertIn("name (String) = Bản Hồ", units["banho"])
        schools = features_of(told.stdout, "schools")
        self.assertEqual(set(schools), {"T01", "T02", "T!2F3"})
        point = re.search(r"POINT \(([\d.]+) ([\d.]+)\)", schools["T01"])
        self.assertAlmostEqual(float(point.group(1)), geodata_test.LONGITUDE, delta=1e-5)
        self.assertAlmostEqual(float(point.group(2)), geodata_test.LATITUDE, delta=1e-5)
        figures = features_of(told.stdout, "schools_by_unit")
        self.assertEqual(set(figures), {"sapa", "banho"})
        for member in ("judgement (String)", "trust_marks (", "as_of (DateTime)"):
            self.assertIn(member, figures["sapa"])

    def test_gdal_asks_for_a_box(self):
        told = self.ogrinfo("-spat", "104.1", "22.4", "104.3", "22.6")
        self.assertEqual(set(features_of(told.stdout, "schools")), {"T01"})
        self.assertEqual(set(features_of(told.stdout, "units")), set())

    def test_gdal_sees_nothing_without_signing_in(self):
        told = self.ogrinfo(signed_in=False)
        self.assertNotIn("OGRFeature", told.stdout, "this center marks nothing public")
        self.assertEqual(self.server.call("GET", "/maps", signed_in=False).status, 401)

    def walk(self, path, **query):
        """Ids of all features, by the links of the pages."""
        ids, answer = [], self.server.get(path, **query)
        while True:
            self.assertEqual(answer.status, 200, answer.body)
            self.assertEqual(answer.headers["content-type"], "application/geo+json")
            page = answer.json()
            ids += [feature["id"] for feature in page["features"]]
            following = [link["href"] for link in page["links"] if link["rel"] == "next"]
            if not following:
                return ids
            address = urllib.parse.urlsplit(following[0])
            self.assertEqual(address.netloc, f"127.0.0.1:{self.server.port}")
            answer = self.server.call("GET", address.path.removeprefix("/api/v1") + "?" + address.query)

    def test_pages_join_to_the_whole(self):
        for layer in ("units", "schools", "schools_by_unit"):
            items = f"{COLLECTIONS}/{layer}/items"
            whole = self.walk(items)
            self.assertEqual(self.walk(items, limit=1), whole, layer)
            self.assertEqual(len(set(whole)), 2 if layer == "schools_by_unit" else 3)
            for name in whole:
                self.assertEqual(self.server.get(f"{items}/{name}").json()["id"], name)
        self.assertEqual(self.walk(f"{COLLECTIONS}/schools/items", limit=1, bbox="103,21,105,22.4"),
                         ["T!2F3", "T02"])


if __name__ == "__main__":
    harness.main(Maps)
