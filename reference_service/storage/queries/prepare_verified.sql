SELECT place FROM search_places JOIN vendors ON id = vendor_id WHERE is_verified
