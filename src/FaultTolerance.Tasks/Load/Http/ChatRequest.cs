using System.Globalization;
using System.Text;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.Work;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Http;

/// <summary>
/// The bytes of a request, made once: only the prompt's digits change from one request to the next, and not their number, so
/// that the length of the body stays the same. Prompts depend on seed, client and request number alone, whatever the order;
/// where streams are compared, they repeat (<see cref="ContinuityPrompts"/>).
/// </summary>
internal sealed class ChatRequest : IRequestBytes
{
    private const int UsualHead = 1024;
    private readonly ulong _seed;
    private readonly int _words;
    private readonly bool _repeats;
    private byte[] _bytes;
    private int _room = UsualHead;
    private int _body;
    private int _digits;
    private int _start;
    private FrontendTarget? _target;

    public ChatRequest(LoadSpec spec, string model, int client)
    {
        _seed = SeededDraws.Mix((ulong)(uint)spec.Seed ^ ((ulong)(uint)client << 32));
        _words = spec.InputTokens;
        _repeats = spec.Continuity;

        var body = new ByteBuffer(512 + (2 * _words));
        body.Append("{\"model\": "u8);
        PythonJson.String(body, model);
        body.Append(spec.Api == Api.Completions ? ", \"prompt\": \""u8 : ", \"messages\": [{\"role\": \"user\", \"content\": \""u8);
        var digits = body.Length;
        var words = body.GetSpan(2 * _words)[..((2 * _words) - 1)];
        words.Fill((byte)' ');
        body.Advance(words.Length);
        body.Append(spec.Api == Api.Completions ? "\""u8 : "\"}]"u8);
        RequestEnd.Append(body, spec.OutputTokens, spec.Stream, spec.Continuity ? spec.Seed : null);

        var length = Encoding.ASCII.GetBytes(body.Length.ToString(CultureInfo.InvariantCulture) + "\r\n\r\n");
        _body = _room + length.Length;
        _bytes = new byte[_body + body.Length];
        length.CopyTo(_bytes.AsSpan(_room));
        body.Written.CopyTo(_bytes.AsSpan(_body));
        _digits = _body + digits;
    }

    /// <summary>The body alone.</summary>
    public ReadOnlyMemory<byte> Body => _bytes.AsMemory(_body);

    /// <inheritdoc/>
    public AskedWork? Asked => null;

    /// <inheritdoc/>
    public void Prepare(long number)
    {
        // All is made but for the digits, which For writes.
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> For(FrontendTarget target, long number)
    {
        if (!ReferenceEquals(target, _target))
        {
            if (target.Head.Length > _room)
            {
                MakeRoom(target.Head.Length);
            }

            _start = _room - target.Head.Length;
            target.Head.Span.CopyTo(_bytes.AsSpan(_start));
            _target = target;
        }

        Fill(_repeats ? ContinuityPrompts.Of(number) : number);
        return _bytes.AsMemory(_start);
    }

    // A key may be long; what comes after the head moves once.
    private void MakeRoom(int head)
    {
        var more = head - _room;
        var bytes = new byte[_bytes.Length + more];
        _bytes.AsSpan(_room).CopyTo(bytes.AsSpan(head));
        (_bytes, _room, _body, _digits) = (bytes, head, _body + more, _digits + more);
    }

    private void Fill(long number) =>
        PromptWords.Fill(_bytes.AsSpan(_digits, (2 * _words) - 1), _seed + ((ulong)number * 0x9E3779B97F4A7C15));
}
