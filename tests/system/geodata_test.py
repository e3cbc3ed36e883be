"""Layers in VN-2000 and a Parquet file, pushed and tried: the records have their points, the rows their places."""

import base64
import io
import os
import shutil
import subprocess
import tempfile
import unittest
import zipfile

import harness

CENTER = os.path.join(harness.ROOT, "tests", "centers", "geodata")
# East and north of the zone of 104°45', and where that is by the EPSG's own definition of the zone (9208).
SCHOOLS = [("T01", "03025", 440000, 2490000), ("T02", "03006", 420000, 2470000)]
LONGITUDE, LATITUDE = 104.168706235, 22.507753231
# Of three schools; the commune of the last is unknown. Written by DuckDB.
PUPILS = base64.b64decode("""
UEFSMRUAFTYVNiwVBhUAFQYVBgAAAgAAAAYBAwAAAFQwMQMAAABUMDIDAAAAVDAzFQAVQhVCLBUGFQAVBhUGAAACAAAABgIF
AAAAMDMwMjUFAAAAMDMwMDYFAAAAOTk5OTkVABUkFSQsFQYVABUGFQYAAAIAAAAGAYpPAACKTwAAik8AABUAFSQVJCwVBhUA
FQYVBgAAAgAAAAYB0gAAAFkBAAAHAAAAFQIZbDUAGA1kdWNrZGJfc2NoZW1hFQgAFQwlAhgJbWFfdHJ1b25nJQAANQIYA25v
aRUCABUMJQIYAnhhJQAAFQIlAhgEbmdheSUMABUCJQIYAnNvJSIAFgYZHBlMJgAcFQwZFQAZGAltYV90cnVvbmcVABYGFlgW
WCYIPBgDVDAzGANUMDEWACgDVDAzGANUMDEREQAAACYAHBUMGRUAGSgDbm9pAnhhFQAWBhZkFmQmYDwYBTk5OTk5GAUwMzAw
NhYAKAU5OTk5ORgFMDMwMDYREQAAACYAHBUCGRUAGRgEbmdheRUAFgYWRhZGJsQBPBgEik8AABgEik8AABYAKASKTwAAGASK
TwAAEREAAAAmABwVAhkVABkYAnNvFQAWBhZGFkYmigI8GARZAQAAGAQHAAAAFgAoBFkBAAAYBAcAAAAREQAAABbIAhYGJggW
yAIAKChEdWNrREIgdmVyc2lvbiB2MS40LjQgKGJ1aWxkIDZkZGFjODAyZmYpAH4BAABQQVIx
""")


def table(rows):
    lines = [f"{code},{commune},POINT({east} {north})" for code, commune, east, north in rows]
    return "ma_truong,ma_xa,geo\n" + "\n".join(lines) + "\n"


@unittest.skipUnless(shutil.which("ogr2ogr"), "needs gdal-bin")
class Geodata(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="fansipan-geodata-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.server = harness.Server(CENTER).start()
        self.addCleanup(self.server.remove)
        self.server.sign_in()

    def make(self, rows, name, *options):
        """A file of GDAL's, in VN-2000."""
        path = os.path.join(self.folder, name)
        with open(os.path.join(self.folder, "in.csv"), "w", encoding="utf-8") as file:
            file.write(table(rows))
        subprocess.run(["ogr2ogr", "-a_srs", "EPSG:9208", "-oo", "GEOM_POSSIBLE_NAMES=geo",
                        "-oo", "KEEP_GEOM_COLUMNS=NO", *options, path,
                        os.path.join(self.folder, "in.csv")], check=True, timeout=60)
        return path

    def geopackage(self, rows, name="schools.gpkg"):
        path = self.make(rows, name, "-f", "GPKG", "-nln", "truong_hoc")
        with open(path, "rb") as file:
            return file.read()

    def shapefile(self, rows):
        self.make(rows, "schools.shp", "-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for ending in ("shp", "shx", "dbf", "prj", "cpg"):
                archive.write(os.path.join(self.folder, "schools." + ending), "truong." + ending)
        return packed.getvalue()

    def push(self, source, body, content_type="application/octet-stream"):
        return self.server.push(source, self.server.push_token(source), body, content_type=content_type)

    def figure(self, indicator, **query):
        return self.server.figure(indicator, unit="laocai", **query)["value"]

    def records(self):
        """Code -> record of the schools that opened in 2024."""
        items = self.server.get("/explain/records", measure="schools", unit="laocai", period="2024").json()["items"]
        return {item["key"]["code"]: item for item in items}

    def test_a_geopackage_in_vn_2000_becomes_records_with_points(self):
        answer = self.push("school_layer", self.geopackage(SCHOOLS[:1]), "application/geopackage+sqlite3")
        self.assertEqual(answer.status, 201, answer.body)
        self.assertEqual((answer.json()["counts"]["accepted"], answer.json()["counts"]["quarantined"]), (1, 0))
        harness.wait_until(lambda: self.figure("school_count", period="2024") == "1", "the school is counted")
        self.assertAlmostEqual(float(self.figure("longitude", period="2024")), LONGITUDE, delta=1e-6)
        self.assertAlmostEqual(float(self.figure("latitude", period="2024")), LATITUDE, delta=1e-6)
        raw = self.server.get(f"/versions/{self.records()['T01']['sequence']}/raw").json()
        self.assertEqual((raw["layer"], raw["rows"][0]["line"]), ("truong_hoc", 1))
        self.assertIn("T01", raw["rows"][0]["text"])
        self.assertNotIn("sheet", raw)

    def test_a_shapefile_tells_the_same_records(self):
        self.assertEqual(self.push("school_layer", self.geopackage(SCHOOLS)).status, 201)
        answer = self.push("school_shapes", self.shapefile(SCHOOLS), "application/zip")
        self.assertEqual(answer.status, 201, answer.body)
        counts = answer.json()["counts"]
        self.assertEqual((counts["candidates"], counts["repeated"], counts["in_conflict"]), (2, 2, 0))

    def test_a_point_outside_vietnam_is_quarantined_with_its_layer_and_row(self):
        rows = [*SCHOOLS, ("T03", "03006", 104.1, 22.5)]
        counts = self.push("school_layer", self.geopackage(rows)).json()["counts"]
        self.assertEqual((counts["accepted"], counts["refused"]), (2, 1))
        item = self.server.get("/quarantine").json()["items"][0]
        self.assertEqual((item["reason"], item["raw_row"]), ("outside_area", 3))
        self.assertIn("layer 'truong_hoc'", item["message"])

    def test_a_parquet_file_becomes_records(self):
        answer = self.push("pupil_table", PUPILS, "application/vnd.apache.parquet")
        self.assertEqual(answer.status, 201, answer.body)
        counts = answer.json()["counts"]
        self.assertEqual((counts["accepted"], counts["quarantined"]), (2, 1))
        harness.wait_until(lambda: self.figure("pupils_per_school", period="2025") == "277.5", "the pupils")
        item = self.server.get("/quarantine").json()["items"][0]
        self.assertEqual((item["reason"], item["raw_row"]), ("unknown_place", 3))
        self.assertIn("row 3", item["message"])

    def test_what_is_no_such_file_is_refused_and_the_server_goes_on(self):
        whole = self.geopackage(SCHOOLS)
        for source, body, code in (("school_layer", b"<OGRVRTDataSource/>", "not_geodata"),
                                   ("school_layer", whole[:len(whole) // 2], "geodata_unreadable"),
                                   ("school_shapes", whole, "not_geodata"),
                                   ("pupil_table", PUPILS[:-4], "not_parquet"),
                                   ("pupil_table", b"PAR1\xff\xff\xff\x7fPAR1", "parquet_unreadable")):
            with self.subTest(code):
                self.assertEqual(self.push(source, body).code, code)
        self.assertEqual(self.push("school_layer", whole).status, 201)

    def test_a_file_is_tried_before_it_is_delivered(self):
        self.geopackage([*SCHOOLS, ("T03", "03006", 104.1, 22.5)])
        tried = self.server.run("source", "try", "school_layer", os.path.join(self.folder, "schools.gpkg"),
                                "--center", CENTER)
        self.assertEqual(tried.returncode, 1, tried.stderr)  # a row would be refused
        self.assertIn("longitude=104.168706", tried.stdout)
        self.assertIn("outside_area", tried.stdout)
        with open(os.path.join(self.folder, "pupils.parquet"), "wb") as file:
            file.write(PUPILS)
        tried = self.server.run("source", "try", "pupil_table", file.name, "--center", CENTER)
        self.assertIn("commune=03025", tried.stdout)

    def test_verify_reads_the_files_again(self):
        self.push("school_layer", self.geopackage(SCHOOLS))
        self.push("pupil_table", PUPILS)
        verified = self.server.run("verify")
        self.assertEqual(verified.returncode, 0, verified.stdout[-2000:])


if __name__ == "__main__":
    harness.main(Geodata)
