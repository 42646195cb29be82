using System.Buffers.Binary;
using System.Text;
using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// A znode's name and its stat but for what depends on children, packed into one byte array: half the size of the plain
/// fields and a name in a string. Names compare as bytes of UTF-8, which for legal names is their ordinal order. A leaf
/// with little data has that in the same array, which saves another with its header.
/// </summary>
/// <remarks>
/// Byte 0: where the name begins; it takes the rest. Byte 1: <see cref="HeadParts"/>. Then, seven bits to a byte:
/// czxid, ctime; if modified, mzxid and mtime as differences to them, and version; if set, aversion; if ephemeral,
/// eight bytes of owner; if its time is limited otherwise, its lifetime. Snapshots hold that much as it is. If there is
/// data, the name's length stands before the name, in a byte, and the data behind it.
/// </remarks>
internal readonly struct ZnodeHead(byte[] bytes) : IKey<ZnodeHead>
{
    /// <summary>
    /// More data has an array of its own: who asks for it gets that one, and a change of the stat copies none of it.
    /// </summary>
    public const int MaxDataBytes = 256;

    private const int MaxStatBytes = 64;

    public ReadOnlySpan<byte> Name => (bytes[1] & (byte)HeadParts.Data) == 0
        ? bytes.AsSpan(bytes[0])
        : bytes.AsSpan(bytes[0], bytes[bytes[0] - 1]);

    /// <summary>Whether a znode of this name can have its data here.</summary>
    public static bool HasRoomFor(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) =>
        data.Length <= MaxDataBytes && name.Length <= byte.MaxValue;

    /// <summary>Whether its data is here.</summary>
    public bool HasData => (bytes[1] & (byte)HeadParts.Data) != 0;

    /// <summary>Its data, if that is here.</summary>
    public ReadOnlySpan<byte> Data => bytes.AsSpan(DataAt);

    private int DataAt => bytes[0] + bytes[bytes[0] - 1];

    /// <summary>The answer to who asks for the data, if that is here; it is not copied.</summary>
    public DataReply Reply(in Stat stat) => new(bytes, DataAt, stat);

    public string NameString => Encoding.UTF8.GetString(Name);

    /// <summary>Whether the ensemble deletes it some time: see <see cref="HeadStat.Lifetime"/>.</summary>
    public bool HasLifetime => ((HeadParts)bytes[1] & HeadParts.Lifetime) != 0;

    public bool IsEphemeral => ((HeadParts)bytes[1] & HeadParts.Ephemeral) != 0;

    public int Version => ((HeadParts)bytes[1] & HeadParts.Modified) != 0 ? Unpack().Version : 0;

    public int CommonPrefix(ZnodeHead other) => Name.CommonPrefixLength(other.Name);

    public uint Hint(int skip) => Hint(Name, skip);

    /// <summary>The next four bytes of a name after the first few.</summary>
    public static uint Hint(ReadOnlySpan<byte> name, int skip)
    {
        if (name.Length - skip >= sizeof(uint))
            return BinaryPrimitives.ReadUInt32BigEndian(name[skip..]);
        var hint = 0u;
        for (var i = 0; i < sizeof(uint); i++)
            hint = (hint << 8) | (skip + i < name.Length ? name[skip + i] : 0u);
        return hint;
    }

    /// <summary>Packs what has no data, or has it elsewhere.</summary>
    public static ZnodeHead Pack(ReadOnlySpan<byte> name, in HeadStat stat)
    {
        Span<byte> packed = stackalloc byte[MaxStatBytes];
        return Join(packed[..PackStat(packed, stat)], name);
    }

    /// <summary>Packs what has its data here; there must be room for it.</summary>
    public static ZnodeHead Pack(ReadOnlySpan<byte> name, in HeadStat stat, ReadOnlySpan<byte> data)
    {
        Span<byte> packed = stackalloc byte[MaxStatBytes];
        return Join(packed[..PackStat(packed, stat)], name, data);
    }

    private static ZnodeHead Join(ReadOnlySpan<byte> stat, ReadOnlySpan<byte> name)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(stat.Length + name.Length);
        stat.CopyTo(bytes);
        name.CopyTo(bytes.AsSpan(stat.Length));
        return new ZnodeHead(bytes);
    }

    private static ZnodeHead Join(ReadOnlySpan<byte> stat, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var at = stat.Length + 1;
        var bytes = GC.AllocateUninitializedArray<byte>(at + name.Length + data.Length);
        stat.CopyTo(bytes);
        bytes[0] = (byte)at;
        bytes[1] |= (byte)HeadParts.Data;
        bytes[at - 1] = (byte)name.Length;
        name.CopyTo(bytes.AsSpan(at));
        data.CopyTo(bytes.AsSpan(at + name.Length));
        return new ZnodeHead(bytes);
    }

    private static int PackStat(Span<byte> packed, in HeadStat stat)
    {
        var modified = stat.ModifiedZxid != stat.CreatedZxid || stat.ModifiedTime != stat.CreatedTime
            || stat.Version != 0;
        var parts = HeadParts.None;
        var length = 2;
        length += VarInt.Write(packed[length..], stat.CreatedZxid);
        length += VarInt.Write(packed[length..], stat.CreatedTime);
        if (modified)
        {
            parts |= HeadParts.Modified;
            length += VarInt.Write(packed[length..], unchecked(stat.ModifiedZxid - stat.CreatedZxid));
            length += VarInt.Write(packed[length..], unchecked(stat.ModifiedTime - stat.CreatedTime));
            length += VarInt.Write(packed[length..], stat.Version);
        }

        if (stat.AclVersion != 0)
        {
            parts |= HeadParts.AclVersion;
            length += VarInt.Write(packed[length..], stat.AclVersion);
        }

        if (stat.EphemeralOwner != 0)
        {
            parts |= HeadParts.Ephemeral;
            BitConverter.TryWriteBytes(packed[length..], stat.EphemeralOwner);
            length += sizeof(long);
        }

        if (stat.Lifetime != 0)
        {
            parts |= HeadParts.Lifetime;
            length += VarInt.Write(packed[length..], stat.Lifetime);
        }

        packed[0] = (byte)length;
        packed[1] = (byte)parts;
        return length;
    }

    public HeadStat Unpack() => Unpack(bytes.AsSpan(0, bytes[0]));

    private static HeadStat Unpack(ReadOnlySpan<byte> packed)
    {
        var parts = (HeadParts)packed[1] & HeadParts.OfStat;
        var at = 2;
        var stat = default(HeadStat);
        stat.CreatedZxid = VarInt.Read(packed, ref at);
        stat.CreatedTime = VarInt.Read(packed, ref at);
        stat.ModifiedZxid = stat.CreatedZxid;
        stat.ModifiedTime = stat.CreatedTime;
        if (parts == HeadParts.None)
            return stat;
        if ((parts & HeadParts.Modified) != 0)
        {
            stat.ModifiedZxid = unchecked(stat.ModifiedZxid + VarInt.Read(packed, ref at));
            stat.ModifiedTime = unchecked(stat.ModifiedTime + VarInt.Read(packed, ref at));
            stat.Version = (int)VarInt.Read(packed, ref at);
        }

        if ((parts & HeadParts.AclVersion) != 0)
            stat.AclVersion = (int)VarInt.Read(packed, ref at);
        if ((parts & HeadParts.Ephemeral) != 0)
        {
            stat.EphemeralOwner = BitConverter.ToInt64(packed[at..]);
            at += sizeof(long);
        }

        if ((parts & HeadParts.Lifetime) != 0)
            stat.Lifetime = VarInt.Read(packed, ref at);
        return stat;
    }

    /// <summary>Writes it as snapshots hold it, with its length before it and without its data.</summary>
    public void WriteTo(ByteWriter writer)
    {
        var name = Name;
        var stat = bytes.AsSpan(0, HasData ? bytes[0] - 1 : bytes[0]);
        writer.Count(stat.Length + name.Length);
        var packed = writer.Take(stat.Length + name.Length);
        stat.CopyTo(packed);
        packed[0] = (byte)stat.Length;
        packed[1] &= (byte)HeadParts.OfStat;
        name.CopyTo(packed[stat.Length..]);
    }

    /// <summary>
    /// Takes over packed bytes from outside, if they are what <see cref="WriteTo"/> would write, and the data if it is
    /// there and there is room for it.
    /// </summary>
    public static bool TryParse(
        ReadOnlySpan<byte> packed, bool hasData, ReadOnlySpan<byte> data, out ZnodeHead head)
    {
        head = default;
        if (packed.Length < 2 || packed[0] < 2 || packed[0] > Math.Min(packed.Length, MaxStatBytes))
            return false;
        if (((HeadParts)packed[1] & ~HeadParts.OfStat) != 0)
            return false;
        var stat = packed[..packed[0]];
        var name = packed[packed[0]..];
        try
        {
            // Packing is unique, so this finds every way in which the bytes could be wrong.
            Span<byte> again = stackalloc byte[MaxStatBytes];
            if (!stat.SequenceEqual(again[..PackStat(again, Unpack(stat))]))
                return false;
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException)
        {
            return false;
        }

        head = hasData && HasRoomFor(name, data) ? Join(stat, name, data) : Join(stat, name);
        return true;
    }
}

/// <summary>Which parts of a <see cref="ZnodeHead"/> are there.</summary>
[Flags]
internal enum HeadParts : byte
{
    None = 0,
    Modified = 1,
    AclVersion = 2,
    Ephemeral = 4,
    Lifetime = 8,
    OfStat = Modified | AclVersion | Ephemeral | Lifetime,

    /// <summary>The data stands behind the name.</summary>
    Data = 16,
}

/// <summary>The part of a stat that a znode's head holds.</summary>
internal struct HeadStat
{
    public long CreatedZxid;
    public long ModifiedZxid;
    public long CreatedTime;
    public long ModifiedTime;
    public int Version;
    public int AclVersion;
    public long EphemeralOwner;

    /// <summary>
    /// 0 for a znode that stays, <see cref="Container"/>, or how many milliseconds it may be childless and unmodified.
    /// </summary>
    public long Lifetime;

    /// <summary>The lifetime of a container: until its last child is gone.</summary>
    public const long Container = -1;
}
