using System.Buffers;
using Akka.Zab.ZooKeeper.Connections;
using Akka.Zab.ZooKeeper.Tests.Jute;

namespace Akka.Zab.ZooKeeper.Tests.Connections;

public class FrameReaderTests
{
    /// <summary>A sequence of pieces of the given size.</summary>
    internal static ReadOnlySequence<byte> Pieces(byte[] bytes, int size)
    {
        var first = new Piece(bytes.AsMemory(0, Math.Min(size, bytes.Length)), 0);
        var last = first;
        for (var at = size; at < bytes.Length; at += size)
            last = last.Append(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    [Fact]
    public void Frames_come_out_whole_however_they_were_cut()
    {
        var bytes = new List<byte>();
        for (var i = 0; i < 30; i++) bytes.AddRange(new Frame().Buffer(new byte[i * 7]).Int(i).WithLength());
        for (var size = 1; size < 64; size++)
        {
            using var reader = new FrameReader(maxFrame: 1000);
            var received = Pieces([.. bytes], size);
            for (var i = 0; i < 30; i++)
            {
                Assert.Equal(FrameReader.Found.Frame, reader.TryRead(ref received, out var frame));
                Assert.Equal(new Frame().Buffer(new byte[i * 7]).Int(i).Bytes, frame.ToArray());
            }
            Assert.Equal(FrameReader.Found.Incomplete, reader.TryRead(ref received, out _));
        }
    }

    [Fact]
    public void An_incomplete_frame_is_left_alone()
    {
        using var reader = new FrameReader(maxFrame: 1000);
        var whole = new Frame().Long(1).WithLength();
        for (var length = 0; length < whole.Length; length++)
        {
            var received = Pieces(whole[..length], 3);
            Assert.Equal(FrameReader.Found.Incomplete, reader.TryRead(ref received, out _));
            Assert.Equal(length, received.Length);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(16001)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void A_length_that_no_frame_may_have_is_told_before_the_frame_has_come(int length)
    {
        foreach (var size in new[] { 1, 4 })
        {
            using var reader = new FrameReader(maxFrame: 1000);
            var received = Pieces(new Frame().Int(length).Bytes, size);
            Assert.Equal(FrameReader.Found.BadLength, reader.TryRead(ref received, out _));
        }
    }

    [Fact]
    public void The_longest_frame_is_taken()
    {
        using var reader = new FrameReader(maxFrame: 1000);
        var received = Pieces(new Frame().Buffer(new byte[996]).WithLength(), 100);
        Assert.Equal(FrameReader.Found.Frame, reader.TryRead(ref received, out var frame));
        Assert.Equal(1000, frame.Length);
    }

    [Fact]
    public void Of_a_frame_that_is_too_long_the_beginning_is_given_and_the_rest_passed_over()
    {
        byte[] bytes = [
            .. new Frame().Int(1001).Int(17).Int(5).Bytes, .. new byte[993], .. new Frame().Int(9).WithLength(),
            .. new Frame().Int(16000).Long(18).Bytes, .. new byte[15992], .. new Frame().Int(10).WithLength()];
        for (var size = 1; size < 30; size++)
        {
            using var reader = new FrameReader(maxFrame: 1000);
            var received = Pieces(bytes, size);
            Assert.Equal(FrameReader.Found.TooLong, reader.TryRead(ref received, out var beginning));
            Assert.Equal(new Frame().Int(17).Int(5).Bytes, beginning.ToArray());
            Assert.Equal(FrameReader.Found.Frame, reader.TryRead(ref received, out var next));
            Assert.Equal(new Frame().Int(9).Bytes, next.ToArray());
            Assert.Equal(FrameReader.Found.TooLong, reader.TryRead(ref received, out _));
            Assert.Equal(FrameReader.Found.Frame, reader.TryRead(ref received, out next));
            Assert.Equal(new Frame().Int(10).Bytes, next.ToArray());
        }
    }

    [Fact]
    public void What_is_passed_over_is_not_kept_while_it_comes()
    {
        using var reader = new FrameReader(maxFrame: 1000);
        var received = Pieces(new Frame().Int(5000).Long(1).Bytes, 100);
        Assert.Equal(FrameReader.Found.TooLong, reader.TryRead(ref received, out _));
        for (var i = 0; i < 49; i++)
        {
            received = Pieces(new byte[100], 33);
            Assert.Equal(FrameReader.Found.Incomplete, reader.TryRead(ref received, out _));
            Assert.Equal(0, received.Length);
        }
        received = Pieces([.. new byte[92], .. new Frame().Int(3).WithLength()], 7);
        Assert.Equal(FrameReader.Found.Frame, reader.TryRead(ref received, out _));
    }

    sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long at) => (Memory, RunningIndex) = (memory, at);

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
