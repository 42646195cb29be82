using Akka.Zab.History;

namespace Akka.Zab.Tests.History;

public class HistorySerializerTests
{
    private readonly HistorySerializer serializer = new(null!);

    public static TheoryData<object> Rows => new(
        new EpochAccepted(7),
        new EpochEstablished(8),
        new HistoryTruncated(0x700000009),
        new SnapshotTaken(
            new SnapshotRef(3, 0x700000009, 12), 8, 7, [new SnapshotRef(2, 5, 1), new SnapshotRef(1, 4, 2)]),
        new HistoryReplaced(new SnapshotRef(3, 0x700000009, 12), 8, 7, []),
        new BatchAppended(0x700000001, 0x700000009, [1, 2, 3], 0x600000001),
        new SnapshotPart(new byte[] { 9, 8, 7, 6 }));

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_comes_back_as_it_was(object row)
    {
        var bytes = serializer.ToBinary(row);

        var back = serializer.FromBinary(bytes, serializer.Manifest(row));

        Assert.Equivalent(row, back, strict: true);
        Assert.IsType(row.GetType(), back);
        if (row is SnapshotPart part)
            Assert.Equal(part.Bytes.ToArray(), ((SnapshotPart)back).Bytes.ToArray());
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_changed_bit_is_found(object row)
    {
        var bytes = serializer.ToBinary(row);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<UnreadableRowException>(() => serializer.FromBinary(damaged, serializer.Manifest(row)));
        }

        Assert.Throws<UnreadableRowException>(() => serializer.FromBinary(bytes[..^1], serializer.Manifest(row)));
        Assert.Throws<UnreadableRowException>(() => serializer.FromBinary([], serializer.Manifest(row)));
    }

    [Fact]
    public void A_row_is_not_taken_for_one_of_another_kind()
    {
        var bytes = serializer.ToBinary(new EpochAccepted(7));

        Assert.Throws<UnreadableRowException>(() => serializer.FromBinary(bytes, "epoch-established/1"));
        Assert.Throws<UnreadableRowException>(() => serializer.FromBinary(bytes, "epoch-accepted/2"));
    }
}
