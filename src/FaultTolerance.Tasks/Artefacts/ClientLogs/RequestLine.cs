using System.Buffers;
using System.Buffers.Text;
using FaultTolerance.Runs;

namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>
/// Writes a request as a line of the client log (ARCHITECTURE.md, "client_{n}.log.txt"): the reference suite's keys first, then ours.
/// </summary>
internal static class RequestLine
{
    private static readonly byte[][] Outcomes = [.. Enum.GetNames<Outcome>().Select(n => System.Text.Encoding.ASCII.GetBytes($"\"{n}\""))];

    /// <summary>Appends the line, with its end.</summary>
    public static void Write(ByteBuffer to, RequestRecord request, RunClock clock)
    {
        to.Append("{\"time\": "u8);
        Legacy(to, clock.At(request.Ended));
        to.Append(", \"results\": ["u8);
        for (var i = 0; i < request.Count; i++)
        {
            if (i > 0)
            {
                to.Append(", "u8);
            }

            Attempt(to, request[i], clock);
        }

        if (request.Count > 0)
        {
            to.Append("], \"total_time\": "u8);
            Seconds(to, clock, request[0].Started, request.Ended);
            to.Append(", "u8);
            to.Append(request[request.Count - 1].Target.UrlAndPod.Span);
        }
        else
        {
            to.Append("], \"total_time\": 0, \"url\": \"\", \"pod\": null"u8);
        }

        to.Append(", \"request\": "u8);
        to.Append(request.Number);
        Stamp(to, ", \"intended\": "u8, request.Intended, clock);
        to.Append(", \"outcome\": "u8);
        to.Append(Outcomes[(int)request.Outcome]);
        if (request.Asked is { } asked)
        {
            to.Append(", \"asked\": "u8);
            asked.WriteTo(to);
        }

        if (request.Reason is { } reason)
        {
            to.Append(", \"reason\": "u8);
            PythonJson.String(to, reason);
        }

        to.Append("}\n"u8);
    }

    private static void Attempt(ByteBuffer to, AttemptRecord attempt, RunClock clock)
    {
        to.Append("{\"status\": "u8);
        if (attempt.Status > 0)
        {
            to.Append(attempt.Status);
        }
        else
        {
            PythonJson.String(to, attempt.Error is { } said ? SecretText.Hide(said) : attempt.Outcome.ToString());
        }

        to.Append(", \"result\": "u8);
        to.Append(attempt.Result.Length > 0 ? attempt.Result.Written : "null"u8);
        to.Append(", \"request_elapsed_time\": "u8);
        Seconds(to, clock, attempt.Started, attempt.Ended);
        to.Append(", "u8);
        to.Append(attempt.Target.UrlAndPod.Span);
        Stamp(to, ", \"sent\": "u8, attempt.Started, clock);
        Stamp(to, ", \"connected\": "u8, attempt.Connected, clock);
        Stamp(to, ", \"firstByte\": "u8, attempt.FirstByte, clock);
        Stamp(to, ", \"lastByte\": "u8, attempt.LastByte, clock);
        to.Append(", \"outcome\": "u8);
        to.Append(Outcomes[(int)attempt.Outcome]);
        if (attempt.Error is { } error)
        {
            to.Append(", \"error\": "u8);
            PythonJson.String(to, SecretText.Hide(error));
        }

        if (attempt.Streamed)
        {
            Stamp(to, ", \"firstToken\": "u8, attempt.FirstToken, clock);
            to.Append(attempt.Tokens < 0 ? ", \"events\": "u8 : ", \"tokens\": "u8);
            to.Append(attempt.Tokens < 0 ? attempt.Events : attempt.Tokens);
            to.Append(", \"tokensAsked\": "u8);
            to.Append(attempt.TokensAsked);
            Gap(to, ", \"interTokenMax\": "u8, attempt.InterTokenMax);
            Gap(to, ", \"interTokenP50\": "u8, attempt.InterTokenP50);
            if (attempt.Gaps.Length > 0)
            {
                to.Append(", \"gaps\": "u8);
                to.Append(attempt.Gaps.Written);
            }

            Pieces(to, attempt);
        }

        to.Append((byte)'}');
    }

    private static void Pieces(ByteBuffer to, AttemptRecord attempt)
    {
        if (attempt.Pieces.Length == 0)
        {
            return;
        }

        to.Append(", \"pauseAfter\": "u8);
        to.Append(attempt.PauseAfter);
        to.Append(attempt.PiecesCut ? ", \"piecesCut\": true, \"pieces\": "u8 : ", \"pieces\": "u8);
        to.Append(attempt.Pieces.Written);
    }

    private static void Gap(ByteBuffer to, ReadOnlySpan<byte> key, double seconds)
    {
        if (!double.IsNaN(seconds))
        {
            to.Append(key);
            PythonJson.Float(to, Math.Round(seconds, 6));
        }
    }

    private static void Seconds(ByteBuffer to, RunClock clock, long from, long until) =>
        PythonJson.Seconds(to, clock.Time.GetElapsedTime(from, until));

    private static void Stamp(ByteBuffer to, ReadOnlySpan<byte> key, long timestamp, RunClock clock)
    {
        if (timestamp == AttemptRecord.Never)
        {
            return;
        }

        to.Append(key);
        to.Append((byte)'"');
        RoundTrip(to, clock.At(timestamp), 28);
        to.Append((byte)'"');
    }

    private static void Legacy(ByteBuffer to, DateTimeOffset instant)
    {
        to.Append((byte)'"');
        RoundTrip(to, instant, 26);
        to.Append((byte)'"');
    }

    // The round-trip format of a UTC instant is RunClock.Format's own, 28 bytes; its first 26 are RunClock.FormatLegacy's.
    private static void RoundTrip(ByteBuffer to, DateTimeOffset instant, int keep)
    {
        Utf8Formatter.TryFormat(instant.UtcDateTime, to.GetSpan(28), out _, new StandardFormat('O'));
        to.Advance(keep);
    }
}
