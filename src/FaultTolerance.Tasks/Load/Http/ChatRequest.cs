using System.Globalization;
using System.Text;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Http;

/// <summary>
/// The bytes of a request, made once: only the prompt's digits change from one request to the next, and not their number, so
/// that the length of the body stays the same. Prompts depend on seed, client and request number alone, whatever the order;
/// where streams are compared, they repeat (<see cref="ContinuityPrompts"/>).
/// </summary>
internal sealed class ChatRequest
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
        _seed = Mix((ulong)(uint)spec.Seed ^ ((ulong)(uint)client << 32));
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
        body.Append(spec.Api == Api.Completions ? "\", \"max_tokens\": "u8 : "\"}], \"max_tokens\": "u8);
        body.Append(spec.OutputTokens);
        body.Append(", \"min_tokens\": "u8);
        body.Append(spec.OutputTokens);
        body.Append(spec.Continuity ? ", \"temperature\": 0, \"seed\": "u8 : ", \"temperature\": 0.1"u8);
        if (spec.Continuity)
        {
            body.Append(spec.Seed);
        }

        body.Append(", \"ignore_eos\": true, \"stream\": "u8);
        // Without the usage at its end, a stream of several tokens an event could not be counted.
        body.Append(spec.Stream ? "true, \"stream_options\": {\"include_usage\": true}}"u8 : "false}"u8);

        var length = Encoding.ASCII.GetBytes(body.Length.ToString(CultureInfo.InvariantCulture) + "\r\n\r\n");
        _body = _room + length.Length;
        _bytes = new byte[_body + body.Length];
        length.CopyTo(_bytes.AsSpan(_room));
        body.Written.CopyTo(_bytes.AsSpan(_body));
        _digits = _body + digits;
    }

    /// <summary>The body alone.</summary>
    public ReadOnlyMemory<byte> Body => _bytes.AsMemory(_body);

    /// <summary>The request to send; valid until the next call.</summary>
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

    private void Fill(long number)
    {
        var state = _seed + ((ulong)number * 0x9E3779B97F4A7C15);
        var digits = _bytes.AsSpan(_digits, (2 * _words) - 1);
        var at = 0;
        while (at < digits.Length)
        {
            // Fifteen digits from one draw: each multiplication takes the next digit out of the fraction's high end.
            var fraction = Mix(state += 0x9E3779B97F4A7C15);
            for (var i = 0; i < 15 && at < digits.Length; i++, at += 2)
            {
                var digit = Math.BigMul(fraction, 10, out fraction);
                digits[at] = (byte)('0' + digit);
            }
        }
    }

    // SplitMix64 (Steele, Lea, Flood 2014): one multiplication chain a draw, and any seed is a good one.
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
