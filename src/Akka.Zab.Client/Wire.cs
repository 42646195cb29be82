namespace Akka.Zab.Client;

/// <summary>
/// Lists in messages are arrays, whatever kind of list they were made of: other kinds, those that the compiler makes up
/// for a collection expression among them, are types that the receiver does not know or does not accept.
/// </summary>
internal static class Wire
{
    // Null stays null: what a message from outside lacks is for its receiver to refuse.
    public static IReadOnlyList<T> Array<T>(IReadOnlyList<T> list) =>
        list is T[] or null ? list! : Enumerable.ToArray(list);
}
