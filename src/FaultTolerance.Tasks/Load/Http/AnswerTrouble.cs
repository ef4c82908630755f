namespace FaultTolerance.Load.Http;

/// <summary>Names answers with status 200 that are not what was asked for.</summary>
internal static class AnswerTrouble
{
    /// <summary>Refuses an encoded answer. Of one with another status, an error page perhaps, the status says enough.</summary>
    public static void MustBePlain(in ResponseHead head)
    {
        if (head is { Status: 200, Encoding: { } encoding })
        {
            throw new HttpFormatException($"the answer is encoded as {encoding}, which was not asked for");
        }
    }

    /// <summary>What a body is that is no JSON.</summary>
    public static string NoJson(ReadOnlySpan<byte> body, in ResponseHead head) =>
        head.EventStream ? "the answer is a stream of events, which was not asked for"
        : body.IsEmpty ? "the body is empty"
        : body.StartsWith("\uFEFF"u8) ? "the body begins with a byte order mark, which is no JSON"
        : body[0] == '<' ? "the body is a page (HTML or XML), not JSON"
        : "the body is not JSON";
}
