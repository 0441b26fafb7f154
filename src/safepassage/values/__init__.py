"""Small frozen words that every other room uses: ids, times, counts, people, places, the world, canonical bytes."""
