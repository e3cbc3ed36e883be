"""Servers of files on loopback, each with Debian's own program and a folder of its own."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import unittest


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(*command):
    subprocess.run(command, check=True, capture_output=True, timeout=60)


def owner():
    """Who runs the test, and the servers with it."""
    return pwd.getpwuid(os.geteuid()).pw_name


class FileServer:
    """One process that serves `out` below its folder. Ended by close()."""

    program = None

    def __init__(self):
        if not os.path.exists(self.program):
            raise unittest.SkipTest(f"needs {self.program}, see tools/packages.txt")
        self.home = tempfile.mkdtemp(prefix="fansipan-files-")
        self.out = os.path.join(self.home, "root", "out")
        os.makedirs(os.path.join(self.out, "done"))
        self.port = free_port()
        self.process = None
        self.prepare()
        self.start()

    def prepare(self):
        """Keys, certificates and what the program is told."""

    def command(self):
        raise NotImplementedError

    def start(self):
        self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.program} ended at its start")
            time.sleep(0.05)
        raise RuntimeError(f"{self.program} does not listen")

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def close(self):
        if self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.home, *names)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def put(self, name, payload):
        """Appears whole, as a careful sender does it."""
        whole = os.path.join(self.out, "." + name)
        with open(whole, "wb") as file:
            file.write(payload)
        os.chmod(whole, 0o644)
        os.rename(whole, os.path.join(self.out, name))

    def names(self, *below):
        return sorted(name for name in os.listdir(os.path.join(self.out, *below))
                      if os.path.isfile(os.path.join(self.out, *below, name)))

    def make_certificate(self):
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            "/CN=files", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
            self.path("server.key"), "-out", self.path("server.pem"))
        with open(self.path("server.pem"), encoding="ascii") as file:
            return file.read()


class Sftp(FileServer):
    """OpenSSH's sshd. One user, who has a key."""

    program = "/usr/sbin/sshd"

    def prepare(self):
        for name in ("host", "user"):
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.path(name))
        shutil.copy(self.path("user.pub"), self.path("authorized"))
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)
        self.write("config", f"""Port {self.port}
ListenAddress 127.0.0.1
HostKey {self.path("host")}
PidFile none
AuthorizedKeysFile {self.path("authorized")}
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PasswordAuthentication no
Subsystem sftp internal-sftp
""")

    def command(self):
        return [self.program, "-D", "-f", self.path("config")]

    def fingerprint(self):
        shown = subprocess.run(["ssh-keygen", "-lf", self.path("host.pub")], check=True,
                               capture_output=True, text=True, timeout=60)
        return shown.stdout.split()[1]

    def new_host_key(self):
        self.stop()
        os.unlink(self.path("host"))
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.path("host"))
        self.start()

    def private_key(self):
        """As one line: how it is kept as a secret."""
        made = subprocess.run(["base64", "-w0", self.path("user")], check=True,
                              capture_output=True, text=True, timeout=60)
        return made.stdout


class Ftps(FileServer):
    """vsftpd, TLS for commands and data. Its user is anonymous: it asks no password file."""

    program = "/usr/sbin/vsftpd"
    user = "anonymous"

    def __init__(self, implicit=False):
        self.implicit = implicit
        self.certificate = None
        super().__init__()

    def prepare(self):
        self.certificate = self.make_certificate()
        os.makedirs(self.path("empty"))
        run("chmod", "-R", "a+rwX", self.path("root"))
        os.chmod(self.home, 0o755)
        self.write("config", f"""listen=YES
listen_address=127.0.0.1
listen_port={self.port}
background=NO
anonymous_enable=YES
no_anon_password=YES
anon_root={self.path("root")}
anon_upload_enable=YES
anon_other_write_enable=YES
anon_world_readable_only=NO
write_enable=YES
ssl_enable=YES
allow_anon_ssl=YES
force_anon_logins_ssl=YES
force_anon_data_ssl=YES
implicit_ssl={"YES" if self.implicit else "NO"}
require_ssl_reuse=NO
rsa_cert_file={self.path("server.pem")}
rsa_private_key_file={self.path("server.key")}
ftp_username={owner()}
run_as_launching_user=YES
secure_chroot_dir={self.path("empty")}
seccomp_sandbox=NO
isolate=NO
isolate_network=NO
allow_writeable_chroot=YES
xferlog_enable=NO
""")

    def command(self):
        return [self.program, self.path("config")]


class Https(FileServer):
    """nginx: tells ETag and Last-Modified, and answers 304."""

    program = "/usr/sbin/nginx"

    def __init__(self):
        self.certificate = None
        super().__init__()

    def prepare(self):
        self.certificate = self.make_certificate()
        os.chmod(self.home, 0o755)
        self.write("config", f"""daemon off;
master_process off;
pid {self.path("nginx.pid")};
error_log {self.path("error.log")};
events {{}}
http {{
  access_log {self.path("access.log")};
  client_body_temp_path {self.path("body")};
  proxy_temp_path {self.path("proxy")};
  fastcgi_temp_path {self.path("fastcgi")};
  uwsgi_temp_path {self.path("uwsgi")};
  scgi_temp_path {self.path("scgi")};
  server {{
    listen 127.0.0.1:{self.port} ssl;
    ssl_certificate {self.path("server.pem")};
    ssl_certificate_key {self.path("server.key")};
    root {self.path("root")};
  }}
}}
""")

    def command(self):
        return [self.program, "-c", self.path("config"), "-e", self.path("error.log")]

    def statuses(self):
        """Of the requests so far, in order."""
        with open(self.path("access.log"), encoding="utf-8") as file:
            return [int(line.split('"')[2].split()[0]) for line in file]
