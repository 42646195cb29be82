using System.Buffers;
using Akka.Zab.Client;

namespace Akka.Zab.ZooKeeper.Jute;

/// <summary>The first frame of a connection: ZooKeeper's <c>ConnectRequest</c>.</summary>
/// <param name="LastZxidSeen">The highest zxid that the client has seen.</param>
/// <param name="TimeoutMs">The session timeout that it wishes.</param>
/// <param name="SessionId">0 for a new session.</param>
/// <param name="Password">The session's secret; empty where the client sent null.</param>
/// <param name="KnowsReadOnly">
/// Whether the frame has the byte that clients before 3.4 leave out; the response then has it too.
/// </param>
/// <param name="ReadOnlyAllowed">That byte: whether a server may take the client that answers nothing but reads.</param>
internal sealed record ConnectRequest(
    long LastZxidSeen, int TimeoutMs, long SessionId, byte[] Password, bool KnowsReadOnly, bool ReadOnlyAllowed)
{
    /// <summary>Whether the client asks for our extensions of the protocol.</summary>
    public bool KnowsExtensions { get; init; }

    /// <summary>The request in <paramref name="frame"/>, or null if it is none.</summary>
    public static ConnectRequest? Decode(ReadOnlySpan<byte> frame)
    {
        var reader = new JuteReader(frame);
        var version = reader.ReadInt(); // which has no meaning to ZooKeeper, and is 0 there
        var lastZxidSeen = reader.ReadLong();
        var timeout = reader.ReadInt();
        var session = reader.ReadLong();
        var password = reader.ReadBuffer() ?? [];
        var knowsReadOnly = reader.Remaining > 0;
        var readOnlyAllowed = knowsReadOnly && reader.ReadBool();
        return reader.Malformed
            ? null
            : new ConnectRequest(lastZxidSeen, timeout, session, password, knowsReadOnly, readOnlyAllowed)
            {
                KnowsExtensions = version == Extensions.Version,
            };
    }

    /// <summary>What the session registry is asked.</summary>
    public Connect ToConnect() => new(SessionId, Password, TimeoutMs, LastZxidSeen) { ReadOnlyAllowed = ReadOnlyAllowed };
}

/// <summary>The answer to a <see cref="ConnectRequest"/>.</summary>
internal static class ConnectResponse
{
    const int PasswordSize = 16;

    /// <summary>The session is open.</summary>
    public static void Accept(
        IBufferWriter<byte> output, Connected connected, bool knowsReadOnly, bool knowsExtensions = false)
        => Write(
            output, connected.TimeoutMs, connected.SessionId, connected.Secret, knowsReadOnly, connected.ReadOnly,
            knowsExtensions ? Extensions.Version : 0);

    /// <summary>The session is not, or no longer, valid: a timeout of 0 says so.</summary>
    public static void Invalid(IBufferWriter<byte> output, bool knowsReadOnly)
        => Write(output, 0, 0, new byte[PasswordSize], knowsReadOnly);

    static void Write(
        IBufferWriter<byte> output, int timeout, long session, byte[] password, bool knowsReadOnly,
        bool readOnly = false, int version = 0)
    {
        var writer = new JuteWriter(output);
        writer.Begin(21 + password.Length);
        writer.Int(version);
        writer.Int(timeout);
        writer.Long(session);
        writer.Buffer(password);
        if (knowsReadOnly) writer.Bool(readOnly);
        writer.End();
        writer.Flush();
    }
}
