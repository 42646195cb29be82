using System.Buffers;
using System.Buffers.Binary;

namespace Akka.Zab.Client.Jute;

/// <summary>
/// Cuts frames out of what was received. A frame that lies in one piece is given in place; one that does not is put
/// together in a buffer of the reader's; of one that is too long only the beginning is given, and the rest passed over.
/// </summary>
internal sealed class FrameReader(int maxFrame) : IDisposable
{
    const int KeptBuffer = 64 * 1024;

    // What is longer than so many of the longest frames is no request, but something else than ZooKeeper's protocol.
    const int LongestPassedOver = 16;

    // Of a frame that is too long: the header of a request, so that it can be answered.
    const int Beginning = 8;

    readonly int _maxPassedOver = (int)Math.Min((long)maxFrame * LongestPassedOver, int.MaxValue);
    byte[] _together = [];
    int _toPassOver;

    /// <summary>What <see cref="TryRead"/> found.</summary>
    public enum Found
    {
        /// <summary>A frame.</summary>
        Frame,

        /// <summary>Not all of the next frame has been received.</summary>
        Incomplete,

        /// <summary>The first bytes of a frame that is longer than frames may be. The rest is not kept.</summary>
        TooLong,

        /// <summary>A length that no frame may have.</summary>
        BadLength,
    }

    /// <summary>Takes the next frame off <paramref name="received"/>. The frame is valid until the next call.</summary>
    public Found TryRead(ref ReadOnlySequence<byte> received, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (_toPassOver > 0 && !PassOver(ref received)) return Found.Incomplete;
        var first = received.FirstSpan;
        if (first.Length >= sizeof(int))
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(first);
            if ((uint)length <= (uint)maxFrame && first.Length - sizeof(int) >= length)
            {
                frame = first.Slice(sizeof(int), length);
                received = received.Slice(sizeof(int) + length);
                return Found.Frame;
            }
        }
        return TryReadAcross(ref received, out frame);
    }

    public void Dispose() => Release();

    Found TryReadAcross(ref ReadOnlySequence<byte> received, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (received.Length < sizeof(int)) return Found.Incomplete;
        Span<byte> prefix = stackalloc byte[sizeof(int)];
        received.Slice(0, sizeof(int)).CopyTo(prefix);
        var length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        if ((uint)length > (uint)_maxPassedOver) return Found.BadLength;
        var tooLong = length > maxFrame;
        var wanted = tooLong ? Math.Min(Beginning, length) : length;
        if (received.Length - sizeof(int) < wanted) return Found.Incomplete;

        if (_together.Length < wanted || _together.Length > KeptBuffer)
        {
            Release();
            _together = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, 4096));
        }
        received.Slice(sizeof(int), wanted).CopyTo(_together);
        frame = _together.AsSpan(0, wanted);
        received = received.Slice(sizeof(int) + wanted);
        if (!tooLong) return Found.Frame;
        _toPassOver = length - wanted;
        return Found.TooLong;
    }

    bool PassOver(ref ReadOnlySequence<byte> received)
    {
        var bytes = (int)Math.Min(received.Length, _toPassOver);
        received = received.Slice(bytes);
        _toPassOver -= bytes;
        return _toPassOver == 0;
    }

    void Release()
    {
        if (_together.Length > 0) ArrayPool<byte>.Shared.Return(_together);
        _together = [];
    }
}
