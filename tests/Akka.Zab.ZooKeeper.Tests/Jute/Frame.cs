using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Akka.Zab.ZooKeeper.Tests.Jute;

/// <summary>Builds frames field by field, independently of the product's own writer.</summary>
internal sealed class Frame
{
    readonly ArrayBufferWriter<byte> _bytes = new();

    public static Frame Request(int xid, int type) => new Frame().Int(xid).Int(type);

    public static byte[] Connect(
        long session = 0, byte[]? password = null, int timeout = 30000, long lastZxid = 0, bool? readOnly = false)
    {
        var frame = new Frame().Int(0).Long(lastZxid).Int(timeout).Long(session).Buffer(password ?? new byte[16]);
        if (readOnly is { } flag) frame.Bool(flag);
        return frame.WithLength();
    }

    public Frame Int(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
        return this;
    }

    public Frame Long(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
        return this;
    }

    public Frame Bool(bool value)
    {
        _bytes.Write([value ? (byte)1 : (byte)0]);
        return this;
    }

    public Frame Buffer(byte[]? value)
    {
        if (value is null) return Int(-1);
        Int(value.Length);
        _bytes.Write(value);
        return this;
    }

    public Frame String(string? value) => Buffer(value is null ? null : Encoding.UTF8.GetBytes(value));

    public Frame Strings(params string[] values)
    {
        Int(values.Length);
        foreach (var value in values) String(value);
        return this;
    }

    public Frame OpenAcl() => Int(1).Int(31).String("world").String("anyone");

    public Frame Op(int type) => Int(type).Bool(false).Int(-1);

    public Frame Done() => Int(-1).Bool(true).Int(-1);

    public byte[] Bytes => _bytes.WrittenSpan.ToArray();

    public byte[] WithLength()
    {
        var bytes = new byte[4 + _bytes.WrittenCount];
        BinaryPrimitives.WriteInt32BigEndian(bytes, _bytes.WrittenCount);
        _bytes.WrittenSpan.CopyTo(bytes.AsSpan(4));
        return bytes;
    }
}
