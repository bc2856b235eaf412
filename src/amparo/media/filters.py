"""Which system calls the two kinds of process in the sandbox may make.

- The **decoder** opens one hostile file. It may read what it was given, write its answer, use memory and end. It can
  start no process or thread, map no new code, open no socket, and signal nobody.
- The **warden** starts decoders and never sees a file's bytes. It may fork, wait, and put the decoder's rules in force.

What no decoder ever does ends the process at once, so that an attempt is seen and not tried again in another way. What
a library may try in good faith (a thread, a terminal, the number of processors) fails with an errno instead.
"""

import errno
import platform

from amparo.media.bpf import ALLOW, KILL, OneOf, Rule, Without, Zero, assemble, refuse
from amparo.media.syscalls import MACHINES, NUMBERS

_EXECUTABLE = 0x4
_NEW_NAMESPACES = 0x7E020080
_OWN_FILES = (0, 1, 2, 3, 1030)  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC
_ASK_ONLY = (3, 21, 39)  # PR_GET_DUMPABLE, PR_GET_SECCOMP, PR_GET_NO_NEW_PRIVS

_OWN_AFFAIRS = """
    read write readv writev pread64 lseek close fstat newfstatat stat lstat statx openat open readlink readlinkat access
    faccessat faccessat2 getcwd munmap mremap brk madvise futex rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack
    clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time getrandom getpid gettid getppid getuid
    geteuid getgid getegid sched_yield exit exit_group getrusage times uname dup dup2 dup3 poll ppoll select pselect6
    rseq set_robust_list set_tid_address getdents64 restart_syscall fadvise64 getcpu membarrier
"""

_NEVER = """
    execve execveat ptrace kill socket socketpair connect bind accept accept4 sendto recvfrom sendmsg recvmsg unshare
    setns mount umount2 pivot_root chroot open_tree move_mount fsopen fsmount fsconfig mount_setattr bpf perf_event_open
    io_uring_setup io_uring_enter io_uring_register userfaultfd process_vm_readv process_vm_writev pidfd_open
    pidfd_getfd pidfd_send_signal memfd_create memfd_secret add_key request_key keyctl init_module finit_module
    delete_module kexec_load kexec_file_load reboot open_by_handle_at name_to_handle_at setuid setgid setreuid setregid
    setresuid setresgid setfsuid setfsgid setgroups personality iopl ioperm modify_ldt swapon swapoff quotactl acct
    shmget shmat shmctl msgget msgsnd msgctl semget semop semctl mq_open mq_unlink kcmp syslog settimeofday
    clock_settime adjtimex sethostname setdomainname fanotify_init mknod mknodat rt_sigqueueinfo rt_tgsigqueueinfo
"""

_WARDENS_WORK = """
    execve wait4 waitid sendmsg recvmsg getsockopt getsockname setgroups setresuid setresgid capset seccomp kill tgkill
    pipe2 close_range arch_prctl mmap mprotect prctl prlimit64 setrlimit getrlimit fcntl ioctl sysinfo sched_getaffinity
    pidfd_open fork vfork
"""

_DECODER: dict[str, Rule] = {
    **dict.fromkeys(_OWN_AFFAIRS.split(), ALLOW),
    **dict.fromkeys(_NEVER.split(), KILL),
    # No memory becomes code any more: whoever takes the decoder over has only the code that is there.
    "mmap": Without(2, _EXECUTABLE),
    "mprotect": Without(2, _EXECUTABLE),
    "fcntl": OneOf(1, _OWN_FILES),
    "prctl": OneOf(0, _ASK_ONLY),
    "prlimit64": Zero((0, 2)),
    # The C library falls back to `clone` where `clone3` is unknown.
    "clone3": refuse(errno.ENOSYS),
}

_WARDEN: dict[str, Rule] = {
    **_DECODER,
    **dict.fromkeys(_WARDENS_WORK.split(), ALLOW),
    "clone": Without(0, _NEW_NAMESPACES),
}


class NoFilter(Exception):
    """This machine's system calls are not known here."""


def decoder_filter() -> bytes:
    """Return the filter of the process that opens a file. Raises NoFilter."""
    return _assembled(_DECODER)


def warden_filter() -> bytes:
    """Return the filter under which that process is started. Raises NoFilter."""
    return _assembled(_WARDEN)


def _assembled(rules: dict[str, Rule]) -> bytes:
    machine = MACHINES.get(platform.machine())
    if machine is None:
        raise NoFilter(f"There are no rules for system calls on {platform.machine()}, only for {', '.join(MACHINES)}.")
    known = {NUMBERS[name][machine.column]: rule for name, rule in rules.items()}
    return assemble(
        machine.architecture,
        {number: rule for number, rule in known.items() if number is not None},
        refuse(errno.EPERM),
    )
