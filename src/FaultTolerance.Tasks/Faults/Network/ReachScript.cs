using System.Globalization;
using FaultTolerance.Graphs.Processes;

namespace FaultTolerance.Faults.Network;

/// <summary>
/// Tries one connection from within a container: connects, asks for a line, and prints how that ended and how long it took. By bash or by
/// Python, of which engines' images have one. A fixed text, whose every variable part is an argument.
/// </summary>
internal static class ReachScript
{
    private const string Text = """
        host=$1; port=$2; limit=$3
        if command -v bash >/dev/null 2>&1 && command -v timeout >/dev/null 2>&1; then
          out=$(timeout "$limit" bash -c '
            now() {
              if [ -n "$EPOCHREALTIME" ]; then t=${EPOCHREALTIME/[.,]/}; t=$((t / 1000)); else read -r u _ </proc/uptime; t=${u/./}0; fi
            }
            now; s=$t
            exec 3<>"/dev/tcp/$1/$2" || { now; echo "refused $((t - s))"; exit 0; }
            printf "GET / HTTP/1.0\r\n\r\n" >&3; sent=$?
            IFS= read -r line <&3; now
            if [ -n "$line" ]; then end=answered; elif [ $sent != 0 ]; then end=reset; else end=closed; fi
            echo "$end $((t - s))"
          ' probe "$host" "$port" 2>&1); code=$?
          case $code in 124|137|143) echo "reach silent ${limit}000"; exit 0;; 141) echo "reach reset 0"; exit 0;; esac
          case $out in *answered*) echo "reach ${out##*
        }";; *eset*by*peer*) echo "reach reset 0";; *closed*|*reset*|*refused*) echo "reach ${out##*
        }";; *) case $out in *efused*) echo "reach refused 0";; *ot?known*|*esolution*) echo "unresolved $out";; *) echo "reach silent 0";; esac;; esac
        elif command -v python3 >/dev/null 2>&1; then
          python3 -c '
        import socket, sys, time
        h, p, l = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
        s = time.monotonic()
        try:
            c = socket.create_connection((h, p), l)
            c.settimeout(l)
            c.sendall(b"GET / HTTP/1.0\r\n\r\n")
            e = "answered" if c.recv(1) else "closed"
        except socket.gaierror: e = "unresolved"
        except socket.timeout: e = "silent"
        except ConnectionRefusedError: e = "refused"
        except ConnectionError: e = "reset"
        except OSError: e = "silent"
        print("unresolved" if e == "unresolved" else "reach %s %d" % (e, (time.monotonic() - s) * 1000))
        ' "$host" "$port" "$limit"
        else
          echo 'missing bash with timeout, or python3'
        fi
        """;

    /// <summary>The command that tries it.</summary>
    /// <param name="host">Address or name.</param>
    /// <param name="port">Port.</param>
    /// <param name="limit">How long an answer may take; whole seconds.</param>
    public static IReadOnlyList<string> Command(string host, int port, TimeSpan limit) =>
        ["/bin/sh", "-c", Text, ProcessScript.Marker, host, port.ToString(CultureInfo.InvariantCulture),
            Math.Ceiling(limit.TotalSeconds).ToString(CultureInfo.InvariantCulture)];
}
