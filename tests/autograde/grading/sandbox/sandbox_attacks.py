"""What a learner's code may try; each prints ESCAPED when it worked, and ends with `tried`.

Names that each finds: gradebook, shared (paths), scratch, supervisor (its process), tcp, udp, service, abstract
(addresses that listen).
"""

READS = {
    "open the gradebook": "print('ESCAPED', open(gradebook).read())",
    "climb with ..": "print('ESCAPED', open('../' * 30 + str(gradebook)[1:]).read())",
    "follow a submitted link": "print('ESCAPED', open('link').read())",
    "make a link and follow it": "os.symlink(gradebook, 'mine'); print('ESCAPED', open('mine').read())",
    "make a hard link": "os.link(gradebook, 'hard'); print('ESCAPED', open('hard').read())",
    "list its folder": "print('ESCAPED', os.listdir(gradebook.parent))",
    "ask for its size": "print('ESCAPED', os.stat(gradebook).st_size)",
    "let cat read it": (
        "import subprocess\n"
        "run = subprocess.run(['cat', str(gradebook)], capture_output=True, text=True)\n"
        "print('ESCAPED' if 'MARK' in run.stdout else run.stderr)"
    ),
    "read it through a kept file": (
        "for number in range(3, 300):\n"
        "    try:\n"
        "        os.lseek(number, 0, 0)\n"
        "        if b'MARK' in os.read(number, 99): print('ESCAPED', number)\n"
        "    except OSError: pass"
    ),
    "read it through /proc": (
        "import glob\n"
        "for way in glob.glob('/proc/[0-9]*/root') + glob.glob('/proc/[0-9]*/cwd'):\n"
        "    try: print('ESCAPED', open(way + '/' * ('root' in way) + str(gradebook)[1:]).read())\n"
        "    except OSError: pass"
    ),
    "look into shared memory": "print('ESCAPED', open(shared).read())",
    "read the environment": "print('ESCAPED' if any('MARK' in word for word in os.environ.values()) else '')",
    "read the environment that it was born with": (
        "if b'MARK' in open('/proc/self/environ', 'rb').read(): print('ESCAPED')"
    ),
    "search its stack for the environment": (
        "import ctypes\n"
        "for line in open('/proc/self/maps'):\n"
        "    if '[stack]' in line:\n"
        "        start, end = (int(word, 16) for word in line.split()[0].split('-'))\n"
        "        if b'EARLY_SECRET=' b'MARK' in ctypes.string_at(start, end - start): print('ESCAPED')"
    ),
    "read the supervisor's environment": (
        "if b'MARK' in open(f'/proc/{supervisor}/environ', 'rb').read(): print('ESCAPED')"
    ),
    "see other processes": "print('ESCAPED', open(f'/proc/{supervisor}/cmdline').read())",
    "open the supervisor's memory": "open(f'/proc/{supervisor}/mem', 'rb'); print('ESCAPED')",
}

WRITES = {
    "overwrite the gradebook": "open(gradebook, 'r+').write('10/10'); print('ESCAPED')",
    "append to it": "open(gradebook, 'a').write('10/10'); print('ESCAPED')",
    "overwrite it through a link": "open('link', 'r+').write('10/10'); print('ESCAPED')",
    "truncate it": "os.truncate(gradebook, 0); print('ESCAPED')",
    "remove it": "os.unlink(gradebook); print('ESCAPED')",
    "move it": "os.rename(gradebook, scratch / 'taken'); print('ESCAPED')",
    "replace it": "open('own', 'w').close(); os.replace('own', gradebook); print('ESCAPED')",
    "change its mode": "os.chmod(gradebook, 0o777); print('ESCAPED')",
    "change its time": "os.utime(gradebook); print('ESCAPED')",
    "write beside it": "open(gradebook.parent / 'new', 'w').write('x'); print('ESCAPED')",
    "write through a kept file": (
        "for number in range(3, 300):\n"
        "    try:\n"
        "        if os.lseek(number, 0, 2) == 9: os.write(number, b'10/10'); print('ESCAPED', number)\n"
        "    except OSError: pass"
    ),
    "write what may be read": "open(scratch.parent / 'open' / 'given.txt', 'a').write('x'); print('ESCAPED')",
}

CALLS = {
    "TCP": "import socket; socket.create_connection(tcp, 5); print('ESCAPED')",
    "TCP, listening": "import socket; socket.create_server(('0.0.0.0', 0)); print('ESCAPED')",
    "UDP": "import socket; socket.socket(2, 2).sendto(b'x', udp); print('ESCAPED')",
    "a socket of the machine": "import socket; socket.socket(1).connect(service); print('ESCAPED')",
    "an abstract socket": "import socket; socket.socket(1).connect(abstract); print('ESCAPED')",
    "the kernel's own socket": "import socket; socket.socket(16, 3, 0).bind((0, 0)); print('ESCAPED')",
    "a signal to the supervisor": "os.kill(supervisor, 0); print('ESCAPED')",
    "ptrace": (
        "import ctypes\nif ctypes.CDLL(None).ptrace(0x4206, supervisor, 0, 0) == 0: print('ESCAPED')"  # PTRACE_SEIZE
    ),
    "reading another's memory": (
        "import ctypes\n"
        "class Piece(ctypes.Structure): _fields_ = (('at', ctypes.c_void_p), ('size', ctypes.c_size_t))\n"
        "memory = ctypes.create_string_buffer(8)\n"
        "here, there = Piece(ctypes.addressof(memory), 8), Piece(id(object), 8)\n"
        "got = ctypes.CDLL(None).process_vm_readv(supervisor, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)\n"
        "if got == 8: print('ESCAPED')"
    ),
    "another's limits": "import resource; resource.prlimit(supervisor, resource.RLIMIT_NOFILE, (9, 9)); print('ESCAPED')",
}

FOR_ROOT = {
    "a file of a Python package": "open(os.__file__, 'a'); print('ESCAPED')",
    "the password file": "open('/etc/shadow').read(); print('ESCAPED')",
    "the kernel's settings": "open('/proc/sys/kernel/hostname', 'a'); print('ESCAPED')",
    "the program that cores go to": "open('/proc/sys/kernel/core_pattern', 'a'); print('ESCAPED')",
    "becoming root": "os.setresuid(0, 0, 0); print('ESCAPED')",
    "another root folder": "os.chroot('/usr'); print('ESCAPED')",
    "a device": "os.mknod('disk', 0o60600, os.makedev(8, 0)); print('ESCAPED')",
    "more priority": "os.nice(-5); print('ESCAPED')",
    "the machine's name": "import socket; socket.sethostname(socket.gethostname()); print('ESCAPED')",
    "a mount": (
        "import ctypes\n"
        "os.mkdir('place')\n"
        "if ctypes.CDLL(None).mount(b't', b'place', b'tmpfs', 0, None) == 0:\n"
        "    ctypes.CDLL(None).umount2(b'place', 2); print('ESCAPED')"
    ),
}


# Landlock does not rule over these: without a root folder they work, as far as the learner's user may.
# Without seccomp a netlink socket can be made; it sees an empty network.
BEYOND_LANDLOCK = {"ask for its size", "change its mode", "change its time"}


def attempt(code: str) -> str:
    """Return an attack that says what stopped it."""
    body = "\n".join("    " + line for line in code.splitlines())
    return f"try:\n{body}\nexcept OSError as error:\n    print('stopped:', error)\nprint('tried')"
