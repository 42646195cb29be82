using Akka.Actor;

namespace Akka.Remote.Transport;

/// <summary>The first frame of a connection.</summary>
/// <param name="From">The address of the system that connects.</param>
/// <param name="Uid">Which run of it.</param>
/// <param name="To">The address that it wants to reach.</param>
internal sealed record Hello(Address From, int Uid, Address To);

/// <summary>The answer of the system that was connected to.</summary>
/// <param name="Verdict">Whether the connection stands.</param>
/// <param name="Uid">Which run of the answering system it is.</param>
/// <param name="LastSystemMessage">The number of the last system message that it has handled from this run.</param>
/// <param name="Reason">Why not.</param>
internal sealed record Welcome(Verdict Verdict, int Uid, ulong LastSystemMessage, string Reason);

internal enum Verdict : byte
{
    Accepted = 0,
    Refused = 1,
    Quarantined = 2,
}

/// <summary>
/// The form of the first two frames. They begin with the mark of this engine, so that a system that speaks another
/// protocol, Akka.NET's among them, is recognised by its first bytes.
/// </summary>
internal static class Handshake
{
    public const int MarkSize = 8;
    public const int LongestFrame = 4096;

    private const byte Version = 1;

    public static ReadOnlySpan<byte> Mark => "\u0001AKKZAB\u0001"u8;

    public static void Write(FrameWriter writer, Hello hello)
    {
        writer.WriteBytes(Mark);
        var start = writer.BeginFrame(FrameKind.Hello);
        writer.WriteByte(Version);
        writer.WriteString(hello.From.ToString());
        writer.WriteInt32(hello.Uid);
        writer.WriteString(hello.To.ToString());
        writer.EndFrame(start);
    }

    public static void Write(FrameWriter writer, Welcome welcome)
    {
        writer.WriteBytes(Mark);
        var start = writer.BeginFrame(FrameKind.Welcome);
        writer.WriteByte(Version);
        writer.WriteByte((byte)welcome.Verdict);
        writer.WriteInt32(welcome.Uid);
        writer.WriteVarint(welcome.LastSystemMessage);
        writer.WriteString(welcome.Reason);
        writer.EndFrame(start);
    }

    public static Hello ReadHello(FrameReader frame)
    {
        Expect(ref frame, FrameKind.Hello);
        return new Hello(ReadAddress(ref frame), frame.ReadInt32(), ReadAddress(ref frame));
    }

    public static Welcome ReadWelcome(FrameReader frame)
    {
        Expect(ref frame, FrameKind.Welcome);
        return new Welcome((Verdict)frame.ReadByte(), frame.ReadInt32(), frame.ReadVarint(), frame.ReadString());
    }

    /// <summary>Says what a stranger's first bytes look like, for the log.</summary>
    public static string Describe(ReadOnlySpan<byte> first)
    {
        if (first.StartsWith("GET "u8) || first.StartsWith("POST "u8) || first.StartsWith("HEAD "u8))
            return "it speaks HTTP";
        if (first.Length >= 3 && first[0] == 0x16 && first[1] == 0x03) return "it speaks TLS, which is off here";
        // Akka.NET: a length in four bytes, then the tag of the one field that its first message has.
        if (first.Length >= 5 && first[2] == 0 && first[3] == 0 && first[4] is 0x0A or 0x12)
            return "it seems to run on Akka.NET's own remoting, which cannot be mixed with the bundled engine's";
        return "it does not speak the bundled engine's protocol";
    }

    private static void Expect(ref FrameReader frame, FrameKind kind)
    {
        if (frame.ReadByte() != (byte)kind) throw new ProtocolException($"The first frame is no {kind}.");
        if (frame.ReadByte() is var version && version != Version)
            throw new ProtocolException($"It speaks version {version} of the protocol, not {Version}.");
    }

    private static Address ReadAddress(ref FrameReader frame)
    {
        var text = frame.ReadString();
        return Address.TryParse(text, out var address) && address is { HasGlobalScope: true, Port: not null }
            ? address
            : throw new ProtocolException($"[{text}] is no address of a remote actor system.");
    }
}
