using System.Buffers;
using System.Buffers.Binary;

namespace Akka.Zab.Client.Jute;

/// <summary>
/// Cuts frames out of what was received. A frame that lies in one piece is given in place; one that does not is put
/// together in a buffer of the reader's.
/// </summary>
internal sealed class FrameReader(int maxFrame) : IDisposable
{
    const int KeptBuffer = 64 * 1024;

    byte[] _together = [];

    /// <summary>What <see cref="TryRead"/> found.</summary>
    public enum Found
    {
        /// <summary>A frame.</summary>
        Frame,

        /// <summary>Not all of the next frame has been received.</summary>
        Incomplete,

        /// <summary>A length that no frame may have.</summary>
        BadLength,
    }

    /// <summary>Takes the next frame off <paramref name="received"/>. The frame is valid until the next call.</summary>
    public Found TryRead(ref ReadOnlySequence<byte> received, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        var first = received.FirstSpan;
        if (first.Length >= sizeof(int))
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(first);
            if ((uint)length > (uint)maxFrame) return Found.BadLength;
            if (first.Length - sizeof(int) >= length)
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
        if ((uint)length > (uint)maxFrame) return Found.BadLength;
        if (received.Length - sizeof(int) < length) return Found.Incomplete;

        if (_together.Length < length || _together.Length > KeptBuffer)
        {
            Release();
            _together = ArrayPool<byte>.Shared.Rent(Math.Max(length, 4096));
        }
        received.Slice(sizeof(int), length).CopyTo(_together);
        frame = _together.AsSpan(0, length);
        received = received.Slice(sizeof(int) + length);
        return Found.Frame;
    }

    void Release()
    {
        if (_together.Length > 0) ArrayPool<byte>.Shared.Return(_together);
        _together = [];
    }
}
