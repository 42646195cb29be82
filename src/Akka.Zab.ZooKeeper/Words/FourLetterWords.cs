using System.Buffers;

namespace Akka.Zab.ZooKeeper.Words;

/// <summary>A word and, for <c>stmk</c>, the number that follows it.</summary>
internal readonly record struct WordCommand(FourLetterWord Word, long Argument = 0);

/// <summary>Recognises the words, and says which of them are answered.</summary>
internal static class FourLetterWords
{
    static readonly FourLetterWord[] _all = Enum.GetValues<FourLetterWord>();

    // The four letters as the number that they would be as a frame's length.
    static readonly (int Letters, FourLetterWord Word)[] _letters =
        [.. _all.Select(word => (Letters(NameOf(word)), word))];

    /// <summary>The word as it is written.</summary>
    public static string NameOf(FourLetterWord word) => word.ToString().ToLowerInvariant();

    /// <summary>
    /// Whether <paramref name="received"/> begins with a word. None of them is a legal length of a first frame, and
    /// what follows the word means nothing.
    /// </summary>
    public static bool TryParse(in ReadOnlySequence<byte> received, out FourLetterWord word)
    {
        word = default;
        if (received.Length < sizeof(int)) return false;
        Span<byte> letters = stackalloc byte[sizeof(int)];
        received.Slice(0, sizeof(int)).CopyTo(letters);
        var number = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(letters);
        foreach (var known in _letters)
        {
            if (known.Letters != number) continue;
            word = known.Word;
            return true;
        }
        return false;
    }

    /// <summary>
    /// The number after <c>stmk</c>; false as long as not all of it has been received. Other words have none.
    /// </summary>
    public static bool TryReadArgument(FourLetterWord word, in ReadOnlySequence<byte> received, out long argument)
    {
        argument = 0;
        if (word != FourLetterWord.Stmk) return true;
        if (received.Length < sizeof(int) + sizeof(long)) return false;
        Span<byte> mask = stackalloc byte[sizeof(long)];
        received.Slice(sizeof(int), sizeof(long)).CopyTo(mask);
        argument = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(mask);
        return true;
    }

    /// <summary>The answer to a word that is known but not answered here.</summary>
    public static string NotInWhitelist(FourLetterWord word)
        => $"{NameOf(word)} is not executed because it is not in the whitelist.";

    /// <summary>The answer to nearly every word while the server serves nobody.</summary>
    public const string NotServing = "This ZooKeeper instance is not currently serving requests";

    static int Letters(string name) => (name[0] << 24) | (name[1] << 16) | (name[2] << 8) | name[3];
}
